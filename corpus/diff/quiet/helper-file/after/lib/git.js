const { spawnSync } = require('child_process');

exports.git = (args, cwd) => spawnSync('git', args, { stdio: 'inherit', cwd });
