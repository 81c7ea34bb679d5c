const { spawnSync } = require('child_process');
spawnSync('node', ['index.js']);
