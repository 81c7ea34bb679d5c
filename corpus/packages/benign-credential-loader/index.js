'use strict';
const { readFile } = require('fs/promises');
const { homedir } = require('os');
const { join } = require('path');

const file = () => process.env.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials');

function parseIni(text) {
  const map = {};
  let section;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const head = /^\[([^\]]+)\]$/.exec(line);
    if (head) {
      section = map[head[1]] = {};
    } else if (section && line.includes('=')) {
      const [key, ...rest] = line.split('=');
      section[key.trim()] = rest.join('=').trim();
    }
  }
  return map;
}

exports.fromIni = (options = {}) => async () => {
  const profiles = parseIni(await readFile(options.file || file(), 'utf8'));
  const profile = profiles[options.profile || process.env.AWS_PROFILE || 'default'];
  if (!profile) throw new Error('profile not found');
  return { accessKeyId: profile.aws_access_key_id, secretAccessKey: profile.aws_secret_access_key };
};
