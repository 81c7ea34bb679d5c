// Writes documents.d.ts and documents.js from the JSON Schemas of the engine.
//
// Usage: node scripts/types.mjs TARSIGHT [--check]
//
// TARSIGHT is the command; --check compares instead of writing.
import { compile } from 'json-schema-to-typescript';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { here, run } from './common.mjs';

const [tarsight, mode] = process.argv.slice(2);
const roots = { report: 'ReportData', diff: 'DiffData' };

/** What stands beside a reference would make a type of its own of it. */
function plain(value) {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if ('$ref' in value) {
    return { $ref: value.$ref };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const definitions = {};
const properties = {};
const keys = {};
for (const [document, title] of Object.entries(roots)) {
  const { $schema, $defs, ...root } = JSON.parse(run(tarsight, ['schema', document]));
  Object.assign(definitions, $defs);
  definitions[title] = { ...root, title };
  properties[document] = { $ref: `#/$defs/${title}` };
  keys[document] = Object.keys(root.properties);
}
const schema = plain({ $defs: definitions, title: 'Documents', type: 'object', properties });

const whole = await compile(schema, 'Documents', {
  additionalProperties: false,
  bannerComment: '// Made from the JSON Schemas by scripts/types.mjs; do not edit.',
  style: { singleQuote: true, printWidth: 100 },
});
// The root is only there to hold the two.
const types = whole.replace(/export interface Documents \{[^}]*\}\n/, '');
const list = (name) => `  ${name}: [\n${keys[name].map((key) => `    '${key}',\n`).join('')}  ],\n`;
const files = {
  'documents.d.ts': types,
  'documents.js': `'use strict';\n\n// The keys of each document, made from the JSON Schemas by scripts/types.mjs; do not edit.\nmodule.exports = {\n${Object.keys(roots).map(list).join('')}};\n`,
};
for (const [name, text] of Object.entries(files)) {
  const path = join(here, name);
  if (mode !== '--check') {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${name} is not what the schemas say; run node scripts/types.mjs TARSIGHT`);
    process.exitCode = 1;
  }
}
