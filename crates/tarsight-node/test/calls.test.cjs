'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { join } = require('node:path');
const tarsight = require('..');
const { hostile, large, pack } = require('./packages.cjs');

const bytes = pack(hostile);

test('a signal ends a call', async () => {
  const controller = new AbortController();
  const promise = tarsight.scan(large(), { signal: controller.signal });
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof tarsight.TarsightError);
    assert.equal(error.code, 'cancelled');
    assert.equal(error.name, 'AbortError');
    assert.equal(error.cause, reason);
    return true;
  });
});

test('a signal that was given before starts nothing', async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(tarsight.scan(bytes, { signal }), { code: 'cancelled' });
  await assert.rejects(tarsight.diff(bytes, bytes, { signal }), { code: 'cancelled' });
});

test('a signal that comes late does nothing', async () => {
  const controller = new AbortController();
  const report = await tarsight.scan(bytes, { signal: controller.signal });
  controller.abort();
  assert.equal(report.risk.level, 'critical');
});

test('the main thread goes on', async () => {
  const packed = large();
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await tarsight.scan(packed);
  clearInterval(timer);
  assert.ok(turns > 5, `${turns} turns`);
});

test('worker threads scan too', async () => {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const tarsight = require(workerData.module);
    tarsight.scan(workerData.bytes).then((report) => parentPort.postMessage(report.json));`;
  const workerData = { module: join(__dirname, '..', 'index.js'), bytes };
  const expected = tarsight.scanSync(bytes).json;
  const answers = [1, 2].map(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(code, { eval: true, workerData });
        worker.once('message', (json) => worker.terminate().then(() => resolve(json)));
        worker.once('error', reject);
      }),
  );
  assert.deepEqual(await Promise.all(answers), [expected, expected]);
});

test('an exception after a call is the host’s own', async () => {
  await assert.rejects(
    tarsight.scan(bytes).then(() => {
      throw new RangeError('mine');
    }),
    RangeError,
  );
});

test('a time limit ends a call with what it has', async () => {
  const packed = large();
  for (const report of [
    tarsight.scanSync(packed, { timeLimit: 0 }),
    await tarsight.scan(packed, { timeLimit: 1 }),
  ]) {
    assert.ok(report.coverage.unanalysed.some((one) => one.reason === 'cancelled'));
    assert.equal(report.subject.name, 'large');
  }
  assert.equal(tarsight.scanSync(bytes, { timeLimit: 1e300 }).json, tarsight.scanSync(bytes).json);
  for (const timeLimit of [-1, NaN, 'soon', {}]) {
    assert.throws(() => tarsight.scanSync(bytes, { timeLimit }), { code: 'invalid-option' });
  }
});

test('a wrong signal is an error', async () => {
  await assert.rejects(tarsight.scan(bytes, { signal: {} }), TypeError);
});
