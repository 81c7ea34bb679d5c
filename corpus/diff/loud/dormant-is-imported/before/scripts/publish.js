require('child_process').execSync('git push');
