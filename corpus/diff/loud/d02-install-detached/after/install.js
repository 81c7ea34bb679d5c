const { spawn } = require('child_process');
const path = require('path');

spawn(process.execPath, [path.join(__dirname, 'task.js')], { detached: true, stdio: 'ignore' }).unref();
