const vm = require('vm');
const { text } = require('./lib/http');

exports.start = async function start() {
  const source = await text('/rules.js');
  const script = new vm.Script(source);
  return script.runInNewContext({ require, process });
};
