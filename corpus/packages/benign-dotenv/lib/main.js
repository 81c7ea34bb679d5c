const fs = require('fs');
const path = require('path');
const os = require('os');

const LINE = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/gm;

function parse(src) {
  const out = {};
  let match;
  while ((match = LINE.exec(src.toString())) != null) {
    out[match[1]] = match[2].replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  }
  return out;
}

function config(options = {}) {
  const file = options.path ?? path.resolve(process.cwd(), '.env');
  const full = file[0] === '~' ? path.join(os.homedir(), file.slice(1)) : file;
  try {
    const parsed = parse(fs.readFileSync(full, { encoding: options.encoding ?? 'utf8' }));
    for (const key of Object.keys(parsed)) {
      if (!Object.prototype.hasOwnProperty.call(process.env, key)) process.env[key] = parsed[key];
    }
    return { parsed };
  } catch (error) {
    return { error };
  }
}

module.exports = { config, parse };
