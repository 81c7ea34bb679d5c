'use strict';
const fs = require('fs');

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

exports.dataUrl = `data:image/png;base64,${PIXEL}`;
exports.write = (file) => fs.promises.writeFile(file, Buffer.from(PIXEL, 'base64'));
