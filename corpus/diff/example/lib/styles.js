'use strict';

module.exports = {
  bold: { open: 1, close: 22 },
  red: { open: 31, close: 39 },
  green: { open: 32, close: 39 },
  blue: { open: 34, close: 39 },
};
