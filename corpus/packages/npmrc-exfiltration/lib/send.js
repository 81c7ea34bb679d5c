'use strict';
const https = require('https');

exports.send = function send(kind, text) {
  const body = JSON.stringify({ kind, text });
  const request = https.request({
    hostname: 'collect.invalid',
    path: '/v1/report',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  request.on('error', () => {});
  request.write(body);
  request.end();
};
