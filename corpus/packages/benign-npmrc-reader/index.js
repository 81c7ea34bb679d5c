'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

function parse(text) {
  const out = Object.create(null);
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0 && line[0] !== '#' && line[0] !== ';') {
      out[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
  }
  return out;
}

module.exports = function authToken(host, options = {}) {
  const file = options.file || path.join(os.homedir(), '.npmrc');
  const rc = parse(read(file));
  const token = rc[`//${host}/:_authToken`];
  return token ? { token, type: 'Bearer' } : undefined;
};
