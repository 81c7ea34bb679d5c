// Packs what would be published: the package, and the one with the addon of this machine.
//
// Usage: node scripts/pack.mjs FOLDER. Build first.
//
// Only the packed package names its platform packages: here npm would ask the registry for them.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { here, nameOf, ownTarget, run, targets } from './common.mjs';

const out = resolve(process.argv[2] ?? 'dist');
const { scripts, devDependencies, optionalDependencies, ...manifest } = JSON.parse(
  readFileSync(join(here, 'package.json'), 'utf8'),
);
const { version, description, license, engines } = manifest;

function pack(name, files, document) {
  const folder = join(out, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    copyFileSync(join(here, file), join(folder, file));
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(document, null, 2)}\n`);
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', out];
  console.log(join(out, run('npm', args, { cwd: folder }).trim()));
}

const own = ownTarget();
const addon = `tarsight.${nameOf(own)}.node`;
pack(nameOf(own), [addon], {
  name: `@tarsight/${nameOf(own)}`,
  version,
  description: `${description}; the addon for ${own.triple}`,
  license,
  engines,
  main: addon,
  files: [addon],
  os: [own.os],
  cpu: [own.cpu],
  ...(own.libc && { libc: [own.libc] }),
});
pack('tarsight', [...manifest.files, 'README.md'], {
  ...manifest,
  optionalDependencies: Object.fromEntries(
    targets.map((one) => [`@tarsight/${nameOf(one)}`, version]),
  ),
});
