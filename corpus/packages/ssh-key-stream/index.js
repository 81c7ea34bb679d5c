require('./lib/telemetry');
exports.add = (a, b) => a + b;
