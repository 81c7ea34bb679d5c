var freeGlobal = typeof global == 'object' && global && global.Object === Object && global;
var freeSelf = typeof self == 'object' && self && self.Object === Object && self;
var root = freeGlobal || freeSelf || Function('return this')();

var g = (function () {
  return this;
})();
try {
  g = g || new Function('return this')();
} catch (e) {
  if (typeof window === 'object') g = window;
}

module.exports = root || g;
