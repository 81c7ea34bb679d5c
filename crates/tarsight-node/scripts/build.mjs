// Builds the addon of this machine and puts it beside index.js.
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { here, nameOf, ownTarget, run, target } from './common.mjs';

const library = {
  darwin: 'libtarsight_node.dylib',
  linux: 'libtarsight_node.so',
  win32: 'tarsight_node.dll',
}[process.platform];

// `dev` builds faster, for trying something out.
const profile = process.env.TARSIGHT_PROFILE ?? 'release';
const cargo = ['rustc', '--profile', profile, '--locked', '--lib', '-p', 'tarsight-node'];
run('cargo', [...cargo, '--', '-C', 'strip=debuginfo'], { show: true, cwd: here });
const addon = join(here, `tarsight.${nameOf(ownTarget())}.node`);
// A process that has the old one open keeps it.
copyFileSync(join(target, profile === 'dev' ? 'debug' : profile, library), `${addon}.part`);
renameSync(`${addon}.part`, addon);
