'use strict';

const assert = require('node:assert/strict');
const { join } = require('node:path');
const { test } = require('node:test');
const tarsight = require('..');
const { corpus, pack } = require('./packages.cjs');

const folders = [join(corpus, 'diff', 'bases', 'colours'), join(corpus, 'diff', 'example')];
const [before, after] = folders.map(pack);

test('a diff says what is new', async () => {
  const diff = await tarsight.diff(before, after);
  assert.equal(diff.risk.level, 'high');
  assert.equal(diff.new.version, '1.2.4');
  assert.ok(diff.gained.some((item) => item.target === 'https://stats.invalid/p'));
  assert.deepEqual(JSON.parse(diff.json), diff.data);
  assert.equal(tarsight.diffSync(before, after).json, diff.json);
});

test('sides are packages, reports and saved reports', async () => {
  const expected = tarsight.diffSync(before, after).json;
  const reports = await Promise.all([tarsight.scan(before), tarsight.scan(after)]);
  assert.equal((await tarsight.diff(...reports)).json, expected);
  assert.equal((await tarsight.diff(before, reports[1])).json, expected);
  assert.equal(tarsight.diffSync(Buffer.from(reports[0].json), after).json, expected);
  assert.equal(tarsight.diffSync(...folders).risk.level, 'high');
});

test('a side that is no package is an error', async () => {
  const noise = Buffer.from('this is no archive');
  await assert.rejects(tarsight.diff(before, noise), { code: 'not-an-archive' });
  assert.throws(() => tarsight.diffSync(noise, after), { code: 'not-an-archive' });
  await assert.rejects(tarsight.diff(before), TypeError);
});
