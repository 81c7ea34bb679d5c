// Runs the tests on Bun, from its npm package, where there is one for this machine.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { here, run } from './common.mjs';

if (process.platform !== 'linux' || process.arch !== 'x64') {
  throw new Error('package.json names Bun for linux on x64 only; run node --test test/ instead');
}
const manifest = createRequire(import.meta.url).resolve('@oven/bun-linux-x64/package.json');
const bun = join(dirname(manifest), 'bin', 'bun');
// Its own limit of five seconds is too little for a large package on a busy machine.
run(bun, ['test', '--timeout', '120000', './test/'], { show: true, cwd: here });
