'use strict';

// Packages of the corpus, packed: plain tar archives below package/.

const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const corpus = join(__dirname, '..', '..', '..', 'corpus');
const hostile = join(corpus, 'packages', 'npmrc-exfiltration');

function header(name, size) {
  const block = Buffer.alloc(512);
  block.write(`package/${name}`, 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        0', 148);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function packFiles(files) {
  const blocks = Object.entries(files).flatMap(([name, data]) => {
    const padding = Buffer.alloc((512 - (data.length % 512)) % 512);
    return [header(name, data.length), data, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A folder as npm would pack it, without the label of the corpus. */
function pack(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'case.json');
  const names = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return packFiles(
    Object.fromEntries(
      names.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
    ),
  );
}

/** One file that takes longer to scan than a test needs to leave. */
function large() {
  const lines = Array.from({ length: 400_000 }, (_, i) => `function f${i}(a) { return a + ${i}; }\n`);
  return packFiles({
    'package.json': Buffer.from('{"name":"large","version":"1.0.0","main":"index.js"}'),
    'index.js': Buffer.from(lines.join('')),
  });
}

module.exports = { corpus, hostile, large, pack };
