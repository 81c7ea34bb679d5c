import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import tarsight, { Engine, Report, diff, scan, scanSync, version } from '../index.mjs';

test('both kinds of module are one', () => {
  const common = createRequire(import.meta.url)('..');
  assert.equal(tarsight, common);
  assert.deepEqual(Object.keys(common).sort(), [
    'Diff',
    'Engine',
    'Report',
    'TarsightError',
    'diff',
    'diffSync',
    'scan',
    'scanSync',
    'version',
  ]);
  for (const [name, value] of Object.entries({ Engine, Report, diff, scan, scanSync, version })) {
    assert.equal(common[name], value);
  }
  assert.match(version, /^\d+\.\d+\.\d+/);
});
