// Records what Bun, Deno and browsers offer, from declarations of types that are read as text:
// `node record-types.mjs BUN_TYPES DENO_TYPES TYPESCRIPT`, three unpacked packages.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [bun, deno, typescript] = process.argv.slice(2);
const VALUE = /^(?:export )?(?:declare )?(?:abstract )?(?:function|const|let|var|class|namespace) ([A-Za-z_$][\w$]*)/;
const known = new Map();
const add = (module, name) => {
  if (!known.has(module)) known.set(module, new Set());
  known.get(module).add(name);
};

/** Lines of a text, each with the openings around it, outermost first. */
function* nested(text) {
  const open = [];
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  for (const line of code.split('\n')) {
    const plain = line.trim().replace(/(["'`])(?:(?!\1).)*\1/g, (text) => (/^.bun/.test(text) ? text : '""'));
    yield [plain, [...open]];
    for (const c of plain) {
      if (c === '{') open.push(plain);
      else if (c === '}') open.pop();
    }
  }
}

for (const file of readdirSync(bun).filter((name) => name.endsWith('.d.ts'))) {
  for (const [line, open] of nested(readFileSync(join(bun, file), 'utf8'))) {
    const module = open.length === 1 && /^declare module "(bun(?::\w+)?)" \{$/.exec(open[0])?.[1];
    const name = module && VALUE.exec(line)?.[1];
    if (name) add(module === 'bun' ? 'Bun' : module, name);
  }
}
for (const [line, open] of nested(readFileSync(join(deno, 'index.d.ts'), 'utf8'))) {
  const name = open.length === 1 && open[0] === 'declare namespace Deno {' && VALUE.exec(line)?.[1];
  if (name) add('Deno', name);
}
for (const [line, open] of nested(readFileSync(join(typescript, 'lib/lib.dom.d.ts'), 'utf8'))) {
  const called = open.length === 0 && /^declare function ([\w$]+)/.exec(line)?.[1];
  if (called) add('window', called);
  const of = open.length === 1 && /^interface Navigator\w* /.test(open[0]);
  const member = of && /^(?:readonly )?(\w+)[(:?]/.exec(line)?.[1];
  if (member) add('navigator', member);
}

const version = (folder) => {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name}@${version}`;
};
const rows = [...known].sort(([a], [b]) => (a < b ? -1 : 1));
const text = [
  '# What Bun, Deno and browsers offer, recorded by record-types.mjs: module or global, names.',
  `# from: ${[bun, deno, typescript].map(version).join(' ')}`,
  ...rows.map(([module, names]) => `${module}\t${[...names].sort().join(' ')}`),
];
writeFileSync(new URL('types.tsv', import.meta.url), `${text.join('\n')}\n`);
