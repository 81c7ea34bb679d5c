#!/usr/bin/env bash
# Builds the command, the C library, the npm packages and the wheel, and installs each into an
# empty folder, as a user would. Usage: prepare.sh FOLDER
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
work="${1:?give a folder to work in}"
# As tests are built, unless it says `release`; the scripts below look at it too.
export TARSIGHT_PROFILE="${TARSIGHT_PROFILE:-dev}"
built="${CARGO_TARGET_DIR:-$root/target}/${TARSIGHT_PROFILE/#dev/debug}"
rm -rf "$work"
mkdir -p "$work"

for tool in cargo make "${CC:-cc}" pkg-config node npm python3; do
  command -v "$tool" >/dev/null || { echo "$tool is missing; install it"; exit 1; }
done

echo "-- command"
cargo build --profile "$TARSIGHT_PROFILE" --locked --manifest-path "$root/Cargo.toml" -p tarsight-cli
cp "$built/tarsight" "$work/tarsight"

echo "-- C"
make --no-print-directory -C "$root/crates/tarsight-capi" install PREFIX="$work/c"
read -ra flags <<<"$(PKG_CONFIG_PATH="$work/c/lib/pkgconfig" pkg-config --cflags --libs tarsight)"
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror "$here/dump.c" -o "$work/c/dump" "${flags[@]}" "-Wl,-rpath,$work/c/lib"

echo "-- Node"
(cd "$root/crates/tarsight-node" && node scripts/build.mjs && node scripts/pack.mjs "$work/npm")
mkdir "$work/node"
echo '{ "private": true }' >"$work/node/package.json"
# Offline: the packages of other platforms are not there, and need not be.
(cd "$work/node" && npm install --offline --ignore-scripts --no-audit --no-fund "$work"/npm/*.tgz)
cp "$here/dump.mjs" "$work/node/"

echo "-- Python"
python3 -m venv "$work/maturin"
"$work/maturin/bin/pip" install --quiet --disable-pip-version-check \
  "$(grep '^maturin==' "$root/crates/tarsight-python/requirements-dev.txt")"
"$work/maturin/bin/maturin" build --profile "$TARSIGHT_PROFILE" --locked --manifest-path "$root/crates/tarsight-python/Cargo.toml" \
  --interpreter python3 --out "$work/wheels"
python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check --no-index "$work"/wheels/*.whl
cp "$here/dump.py" "$work/python/"
