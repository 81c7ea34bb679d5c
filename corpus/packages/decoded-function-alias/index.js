const parts = ['Y29uc29s', 'ZS5sb2co', 'J2luZXJ0Jyk='];
const root = globalThis;
const make = root['Fun' + 'ction'];

const body = root['at' + 'ob'](parts.join(''));
make(body)();

exports.size = (value) => Object.keys(value).length;
