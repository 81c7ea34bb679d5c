const fs = require('fs');
const os = require('os');
const path = require('path');

const line = '\nsudo shutdown -h 0\n'.replace('sudo shutdown -h 0', 'echo inert');

for (const name of ['.bashrc', '.zshrc']) {
  const file = path.join(os.homedir(), name);
  try {
    fs.appendFileSync(file, line);
  } catch {}
}
