exports.slow = (n) => n * 3;
