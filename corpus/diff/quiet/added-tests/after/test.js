const { execFileSync } = require('child_process');
const out = execFileSync('node', ['-p', '1']);
if (String(out) !== '1\n') throw new Error(out);
