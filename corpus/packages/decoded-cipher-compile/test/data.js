module.exports = [
  '75d4c5a9f0b7a1d3e2c4f6a8091b2d3c',
  'c3d2b1908a6f4c2e3d1a7b0f9a5c4d57',
];
