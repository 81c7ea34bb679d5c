'use strict';

// Finds the addon: beside this file after a build, or in the package of this platform, which is
// an optional dependency of this one.

const { arch, platform } = process;
// npm installs only the package that fits the C library.
const names =
  platform === 'linux'
    ? [`linux-${arch}-gnu`, `linux-${arch}-musl`]
    : [`${platform}-${arch}`];

function load() {
  const failures = [];
  for (const name of names) {
    for (const place of [`./tarsight.${name}.node`, `@tarsight/${name}`]) {
      try {
        return require(place);
      } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND') {
          failures.push(error.message);
        }
      }
    }
  }
  const why = failures.length > 0 ? failures.join('; ') : `@tarsight/${names[0]} is not installed`;
  const error = new Error(
    `tarsight has no addon for ${platform} on ${arch}: ${why}. Install without --omit=optional, or build it (crates/tarsight-node/README.md).`,
  );
  error.code = 'no-addon';
  throw error;
}

module.exports = load();
