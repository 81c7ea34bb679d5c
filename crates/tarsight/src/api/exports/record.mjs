// Records what the builtin modules of this Node export, and adds it to what other versions do:
// `node record.mjs` beside `node.tsv`. Nothing but Node itself is loaded.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const file = new URL('node.tsv', import.meta.url);
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
const versions = new Set();
const known = new Map();
for (const line of lines) {
  if (line.startsWith('# versions:')) {
    line.slice(11).trim().split(' ').forEach((version) => versions.add(version));
  } else if (line && !line.startsWith('#')) {
    const [module, names] = line.split('\t');
    known.set(module, new Set(names.split(' ')));
  }
}
versions.add(process.version);

// Modules that only a prefix names are not in the list of older versions.
const prefixed = ['sea', 'sqlite', 'test', 'test/reporters'];
const modules = new Set([...builtinModules.map((name) => name.replace(/^node:/, '')), ...prefixed]);
for (const module of [...modules].sort()) {
  let exports;
  try {
    exports = require(`node:${module}`);
  } catch {
    continue; // not in this version
  }
  const names = known.get(module) ?? new Set();
  for (const name of Object.keys(exports)) {
    // A getter that warns is none of ours; its name is all that counts.
    if (/^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default') names.add(name);
  }
  if (names.size > 0) known.set(module, names);
}

// Globals, without those that only the language has.
const globals = known.get('globalThis') ?? new Set();
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/^[A-Za-z_$][\w$]*$/.test(name)) globals.add(name);
}
known.set('globalThis', globals);

const rows = [...known].sort(([a], [b]) => (a < b ? -1 : 1));
const text = [
  '# What the builtin modules of Node export, recorded by record.mjs: module, names.',
  `# versions: ${[...versions].sort().join(' ')}`,
  ...rows.map(([module, names]) => `${module}\t${[...names].sort().join(' ')}`),
];
writeFileSync(file, `${text.join('\n')}\n`);
