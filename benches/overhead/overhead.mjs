// Microseconds of processor time for one call: up to the handle, and up to the JSON.
// Usage: overhead.mjs sync|async PACKAGE CALLS
import { readFileSync } from 'node:fs';
import { Engine } from 'tarsight';

const [mode, path, count] = process.argv.slice(2);
const calls = Number(count);
const data = readFileSync(path);
const engine = new Engine({ jobs: 1 });

function now() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const times = [];
for (const json of [false, true]) {
  let start;
  for (let i = -1; i < calls; i += 1) {
    if (i === 0) {
      start = now();
    }
    const report = mode === 'sync' ? engine.scanSync(data) : await engine.scan(data);
    if (json && report.json.length === 0) {
      throw new Error('no JSON');
    }
  }
  times.push((now() - start) / calls);
}
console.log(times.join(' '));
