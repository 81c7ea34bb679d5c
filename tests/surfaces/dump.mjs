// Writes what the npm package says: dump.mjs OUT PATH... [--diff OLD NEW]...
// The files are those of dump.c.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diff, scan, scanSync } from 'tarsight';

const [out, ...args] = process.argv.slice(2);

async function dump(name, work) {
  let text;
  try {
    text = (await work()).json;
  } catch (error) {
    text = error.code;
  }
  writeFileSync(join(out, name), text);
}

let [packages, pairs] = [0, 0];
while (args.length > 0) {
  const first = args.shift();
  if (first === '--diff') {
    const [before, after] = args.splice(0, 2);
    await dump(`${pairs}.diff`, () => diff(before, after));
    pairs += 1;
    continue;
  }
  await dump(`${packages}.path`, () => scan(first));
  await dump(`${packages}.bytes`, () => scanSync(readFileSync(first)));
  packages += 1;
}
