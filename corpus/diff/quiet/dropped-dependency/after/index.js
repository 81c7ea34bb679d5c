'use strict';

const styles = require('./lib/styles');

/** Wraps text in the codes of a style. */
function paint(name, text) {
  const style = styles[name];
  if (!style) {
    throw new TypeError('no style ' + name);
  }
  return '\u001b[' + style.open + 'm' + text + '\u001b[' + style.close + 'm';
}

function strip(text) {
  return text.replace(/\u001b\[\d+m/g, '');
}

exports.paint = paint;
exports.strip = strip;
for (const name of Object.keys(styles)) {
  exports[name] = (text) => paint(name, text);
}
