import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(dirname(fileURLToPath(import.meta.url)));
export const target = process.env.CARGO_TARGET_DIR ?? join(here, '..', '..', 'target');

export const targets = JSON.parse(readFileSync(join(here, 'targets.json'), 'utf8'));

/** The name of a target's package and addon, as `linux-x64-gnu`. */
export function nameOf({ os, cpu, libc }) {
  const suffix = { glibc: '-gnu', musl: '-musl' }[libc] ?? '';
  return `${os}-${cpu}${suffix}`;
}

/** The target of this machine. */
export function ownTarget() {
  const libc = process.platform === 'linux' ? (process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl') : undefined;
  const own = targets.find(
    (one) => one.os === process.platform && one.cpu === process.arch && one.libc === libc,
  );
  if (own === undefined) {
    throw new Error(`targets.json has no target for ${process.platform} on ${process.arch}`);
  }
  return own;
}

/** Runs a program; what it prints is returned, or shown if there is `show`. */
export function run(program, args, { show = false, ...options } = {}) {
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', show ? 'inherit' : 'pipe', 'inherit'],
    ...options,
  });
  if (done.error !== undefined || done.status !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed`, { cause: done.error });
  }
  return done.stdout;
}
