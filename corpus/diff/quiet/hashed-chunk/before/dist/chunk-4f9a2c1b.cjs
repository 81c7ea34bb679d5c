exports.slow = (n) => n * 2;
