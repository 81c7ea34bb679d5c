#!/usr/bin/env bash
# Installs the library into an empty folder, and builds and runs tests and examples from there:
# linked static and shared, under the address sanitizer and under valgrind.
set -euo pipefail

here="$(cd "$(dirname "$0")/.." && pwd)"
corpus="$here/../../corpus"
work="${1:?give a folder to work in}"
cc="${CC:-cc}"
rm -rf "$work"
mkdir -p "$work"

step() {
  echo "-- $1"
}

for tool in "$cc" "${CXX:-c++}" pkg-config valgrind nm tar; do
  command -v "$tool" >/dev/null || { echo "$tool is missing; install it"; exit 1; }
done

step "install"
make --no-print-directory -C "$here" install PREFIX="$work/prefix"
export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig"
export LD_LIBRARY_PATH="$work/prefix/lib"
read -ra flags <<<"-std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror -g $(pkg-config --cflags tarsight)"
read -ra shared <<<"$(pkg-config --libs tarsight)"
read -ra private <<<"$(pkg-config --static --libs-only-l tarsight | sed 's/-ltarsight//')"
static=("$work/prefix/lib/libtarsight.a" "${private[@]}")

step "header as C++"
echo '#include <tarsight.h>' >"$work/header.cc"
"${CXX:-c++}" -std=c++11 -Wall -Wextra -Werror $(pkg-config --cflags tarsight) -fsyntax-only "$work/header.cc"

step "exported names"
names="$(nm -D --defined-only "$work/prefix/lib/libtarsight.so" | awk '{ print $NF }')"
if grep -v '^tarsight_' <<<"$names"; then
  echo "the shared library exports more than it should"
  exit 1
fi

step "packages"
pack() {
  tar -C "$1" --exclude ./case.json --transform 's,^\./,package/,' -czf "$2" .
}
pack "$corpus/packages/npmrc-exfiltration" "$work/hostile.tgz"
pack "$corpus/diff/bases/colours" "$work/old.tgz"
pack "$corpus/diff/example" "$work/new.tgz"
# One large file, so that a scan takes longer than a test needs to cancel it.
mkdir -p "$work/large"
printf '{"name":"large","version":"1.0.0","main":"index.js"}' >"$work/large/package.json"
awk 'BEGIN { for (i = 0; i < 400000; i++) printf "function f%d(a) { return a + %d; }\n", i, i }' >"$work/large/index.js"
pack "$work/large" "$work/large.tgz"
inputs=("$work/hostile.tgz" "$corpus/packages/npmrc-exfiltration" "$work/old.tgz" "$work/new.tgz" "$work/large.tgz")

step "test, shared"
"$cc" "${flags[@]}" "$here/tests/test.c" -o "$work/test-shared" "${shared[@]}" -lpthread
"$work/test-shared" "${inputs[@]}"

step "test, static"
"$cc" "${flags[@]}" "$here/tests/test.c" -o "$work/test-static" "${static[@]}"
"$work/test-static" "${inputs[@]}"

step "test, address sanitizer"
"$cc" "${flags[@]}" -fsanitize=address -fno-omit-frame-pointer "$here/tests/test.c" -o "$work/test-asan" "${static[@]}"
ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 "$work/test-asan" "${inputs[@]}"

step "test, valgrind"
# Without the large package, which takes minutes there.
valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
  "$work/test-shared" "${inputs[@]:0:4}"

step "examples"
for name in scan diff; do
  "$cc" "${flags[@]}" "$here/examples/$name.c" -o "$work/$name" "${shared[@]}"
done
"$work/scan" "$work/hostile.tgz" | tee "$work/scan.txt"
grep -q 'credential-exfiltration' "$work/scan.txt"
"$work/diff" "$work/old.tgz" "$work/new.tgz" | tee "$work/diff.txt"
grep -q 'https://stats.invalid/p' "$work/diff.txt"
echo "C: all passed"
