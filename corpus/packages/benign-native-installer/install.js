'use strict';
const fs = require('fs');
const path = require('path');
const https = require('https');
const zlib = require('zlib');
const child_process = require('child_process');
const { version, optionalDependencies } = require('./package.json');

const pkg = `@native-installer/${process.platform}-${process.arch}`;
const bin = path.join(__dirname, 'bin', 'tool');

function check(file) {
  const out = child_process.execFileSync(file, ['--version'], { stdio: 'pipe' }).toString().trim();
  if (out !== version) throw new Error(`expected ${version} but got ${out}`);
}

function download(url) {
  return new Promise((resolve, reject) => {
    https.get(url, (res) => {
      if (res.statusCode !== 200) return reject(new Error(`status ${res.statusCode}`));
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('end', () => resolve(Buffer.concat(chunks)));
    }).on('error', reject);
  });
}

async function main() {
  if (!(pkg in optionalDependencies)) throw new Error(`unsupported platform ${pkg}`);
  try {
    check(require.resolve(`${pkg}/bin/tool`));
  } catch {
    const data = await download(`https://packages.example/${pkg}/-/${version}.gz`);
    fs.writeFileSync(bin, zlib.gunzipSync(data));
    fs.chmodSync(bin, 0o755);
    check(bin);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
