'use strict';

const names = require('colour-names');
const styles = require('./lib/styles');

class Painter {
  paint(name, text) {
    const style = styles[name];
    if (!style) throw new TypeError('no style ' + name);
    return `\u001b[${style.open}m${text}\u001b[${style.close}m`;
  }

  strip(text) {
    return text.replace(/\u001b\[\d+m/g, '');
  }
}

module.exports = new Painter();
module.exports.names = names;
