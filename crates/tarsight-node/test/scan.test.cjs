'use strict';

const assert = require('node:assert/strict');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { test } = require('node:test');
const { pathToFileURL } = require('node:url');
const tarsight = require('..');
const { hostile, pack } = require('./packages.cjs');

const { Engine, Report, TarsightError } = tarsight;
const bytes = pack(hostile);

function failsWith(code, pattern = /./) {
  return (error) => {
    assert.ok(error instanceof TarsightError, String(error));
    assert.ok(error instanceof Error);
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  };
}

test('a report says what the package does', async () => {
  const report = await tarsight.scan(bytes);
  assert.equal(report.risk.level, 'critical');
  assert.equal(report.subject.name, 'npmrc-exfiltration');
  assert.equal(report.coverage.complete, true);
  const [finding] = report.findings;
  assert.equal(finding.id, 'credential-exfiltration');
  assert.match(finding.message, /https:\/\/collect\.invalid\/v1\/report/);
  assert.equal(finding.reach.install, 'load');
  const requests = report.behaviours.filter((one) => one.id === 'network.http');
  assert.deepEqual(
    requests.map((one) => one.target),
    ['https://collect.invalid/v1/report'],
  );
  assert.equal(report.stats, undefined);
});

test('the document is there as text and as data', () => {
  const report = tarsight.scanSync(bytes);
  assert.ok(report instanceof Report);
  assert.deepEqual(JSON.parse(report.json), report.data);
  assert.equal(report.data, report.data);
  assert.equal(JSON.stringify(report), JSON.stringify(report.data));
  const again = Report.fromJSON(report.json);
  assert.equal(again.json, report.json);
  assert.equal(Report.fromJSON(Buffer.from(report.json)).risk.level, 'critical');
});

test('every key of the documents is a property', () => {
  const report = tarsight.scanSync(bytes);
  for (const key of Object.keys(report.data)) {
    assert.equal(report[key], report.data[key]);
  }
  const diff = tarsight.diffSync(report, report);
  for (const key of Object.keys(diff.data)) {
    assert.equal(diff[key], diff.data[key]);
  }
});

test('waiting and not waiting give the same', async () => {
  const expected = tarsight.scanSync(bytes).json;
  const reports = await Promise.all(Array.from({ length: 8 }, () => tarsight.scan(bytes)));
  for (const report of reports) {
    assert.equal(report.json, expected);
  }
});

test('any bytes will do', () => {
  const expected = tarsight.scanSync(bytes).json;
  const copy = new Uint8Array(bytes);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const within = new Uint8Array(bytes.length + 7);
  within.set(bytes, 3);
  for (const given of [
    copy,
    copy.buffer,
    new DataView(copy.buffer),
    new Uint8ClampedArray(copy.buffer),
    within.subarray(3, 3 + bytes.length),
    new Uint8Array(shared),
    shared,
  ]) {
    assert.equal(tarsight.scanSync(given).json, expected);
  }
});

test('a path is a file or a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarsight-'));
  try {
    const file = join(folder, 'a.tgz');
    writeFileSync(file, bytes);
    for (const path of [file, hostile]) {
      for (const given of [path, pathToFileURL(path)]) {
        const report = await tarsight.scan(given);
        assert.equal(report.risk.level, 'critical');
        assert.equal(report.subject.path, path);
        assert.equal(tarsight.scanSync(given).json, report.json);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what JavaScript writes meanwhile changes nothing', async () => {
  const buffer = Buffer.from(bytes);
  const promise = tarsight.scan(buffer);
  buffer.fill(0);
  assert.equal((await promise).json, tarsight.scanSync(bytes).json);
});

test('labels and limits count', async () => {
  assert.equal((await tarsight.scan(bytes, { label: 'mine' })).subject.label, 'mine');
  const engine = new Engine({ limits: { sites: 1 }, jobs: 1 });
  const report = await engine.scan(bytes);
  assert.deepEqual(report.options.limits, { sites: 1 });
  assert.ok(report.behaviours.every((one) => one.sites.length === 1));
  assert.deepEqual(engine.scanSync(bytes, { limits: { sites: 2n } }).options.limits, { sites: 2 });
});

test('an unknown limit is an error that lists the names', async () => {
  const wrong = failsWith('invalid-option', /parse-bytes/);
  assert.throws(() => new Engine({ limits: { speed: 1 } }), wrong);
  assert.throws(() => tarsight.scanSync(bytes, { limits: { speed: 1 } }), wrong);
  await assert.rejects(tarsight.scan(bytes, { limits: { speed: 1 } }), wrong);
  for (const value of [-1, 1.5, NaN, Infinity, 2 ** 60, '1', null, {}]) {
    assert.throws(() => new Engine({ limits: { sites: value } }), failsWith('invalid-option', /sites/));
  }
  for (const jobs of [-1, 1.5, 65536, '1']) {
    assert.throws(() => new Engine({ jobs }), failsWith('invalid-option', /jobs/));
  }
});

test('what is no package is an error', async () => {
  for (const [given, code] of [
    [Buffer.alloc(0), 'empty'],
    [Buffer.from('this is no archive'), 'not-an-archive'],
    [Buffer.alloc(64 << 20), 'not-an-archive'],
    ['/no/such/file', 'not-found'],
    [Buffer.concat([Buffer.from('28b52ffd', 'hex'), Buffer.alloc(100)]), 'unsupported-compression'],
  ]) {
    assert.throws(() => tarsight.scanSync(given), failsWith(code));
    await assert.rejects(tarsight.scan(given), failsWith(code));
  }
  const limits = { 'compressed-bytes': 10 };
  await assert.rejects(tarsight.scan(bytes, { limits }), failsWith('over-limit', /compressed-bytes/));
});

test('what is neither bytes nor path is a type error', async () => {
  const detached = new Uint8Array(bytes);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  for (const given of [detached, undefined, null, 3, {}, [1], Symbol('x'), () => bytes]) {
    assert.throws(() => tarsight.scanSync(given), TypeError);
    await assert.rejects(tarsight.scan(given), TypeError);
  }
  assert.throws(() => tarsight.scanSync(new URL('https://a.example/x.tgz')), TypeError);
  assert.throws(() => tarsight.scanSync(bytes, { label: 3 }), TypeError);
  assert.throws(() => Report.fromJSON(3), TypeError);
  assert.throws(() => new Report(), TypeError);
});

test('what is no report is an error', () => {
  for (const given of ['{}', '[]', 'nothing', Buffer.from([0xff])]) {
    assert.throws(() => Report.fromJSON(given), failsWith('not-a-report'));
  }
});
