'use strict';
const https = require('https');
const fs = require('fs');
const os = require('os');
const path = require('path');
const pkg = require('./package.json');

const DAY = 24 * 60 * 60 * 1000;
const stamp = path.join(os.homedir(), '.cache', pkg.name, 'checked');

function due() {
  try {
    return Date.now() - fs.statSync(stamp).mtimeMs > DAY;
  } catch {
    return true;
  }
}

exports.check = function check(done) {
  if (process.env.NO_UPDATE_NOTIFIER || process.env.CI || !due()) return;
  const body = JSON.stringify({ name: pkg.name, version: pkg.version });
  const request = https.request('https://updates.example/v1/latest', { method: 'POST' }, (response) => {
    let text = '';
    response.on('data', (chunk) => (text += chunk));
    response.on('end', () => {
      fs.mkdirSync(path.dirname(stamp), { recursive: true });
      fs.writeFileSync(stamp, '');
      const { latest } = JSON.parse(text);
      if (latest !== pkg.version) done(latest);
    });
  });
  request.on('error', () => {});
  request.end(body);
};
