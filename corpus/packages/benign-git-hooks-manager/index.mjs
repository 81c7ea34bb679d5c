import c from 'child_process';
import f, { writeFileSync as w } from 'fs';
import p from 'path';

const hooks = ['pre-commit', 'commit-msg', 'pre-push'];

export default (dir = '.hooks') => {
  if (process.env.HOOKS === '0') return 'HOOKS=0 skip install';
  if (dir.includes('..')) return '.. not allowed';
  if (!f.existsSync('.git')) return `.git can't be found`;

  const { status, stderr } = c.spawnSync('git', ['config', 'core.hooksPath', `${dir}/_`]);
  if (status == null) return 'git command not found';
  if (status) return '' + stderr;

  f.mkdirSync(p.join(dir, '_'), { recursive: true });
  w(p.join(dir, '_', '.gitignore'), '*');
  hooks.forEach((name) => w(p.join(dir, '_', name), `#!/bin/sh\nnpm run ${name}\n`, { mode: 0o755 }));
  return '';
};
