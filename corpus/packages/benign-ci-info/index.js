'use strict';
const vendors = [
  { name: 'Blue Build', env: 'BLUE_BUILD' },
  { name: 'Green Lines', env: ['GREEN_LINES', 'GREEN_JOB_ID'] },
  { name: 'Red Runner', env: { any: ['RED_RUNNER', 'RED_AGENT'] } },
];

const env = process.env;
const has = (want) =>
  typeof want === 'string'
    ? Boolean(env[want])
    : Array.isArray(want)
      ? want.every(has)
      : want.any.some(has);

exports.name = (vendors.find((vendor) => has(vendor.env)) || { name: null }).name;
exports.isCI = env.CI !== 'false' && Boolean(env.CI || env.BUILD_NUMBER || exports.name);
exports.variables = () => Object.keys(env).filter((key) => key.startsWith('CI_'));
