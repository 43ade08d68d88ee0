#!/usr/bin/env bash
# Builds the program for Lambda, linked statically, and makes its zip: dist/pythia-lambda-ARCH.zip.
#
#     deploy/package.sh [x86_64|arm64] [options of `pythia package`]
#
# Statically, because the mathematical functions of the C library are then those that the tests ran with, on any system, and
# because the program starts without a loader. It needs a C compiler with a static glibc (2.34 or newer) for the architecture:
#     Debian, Ubuntu: apt install gcc libc6-dev                       or gcc-aarch64-linux-gnu libc6-dev-arm64-cross
#     Fedora, Amazon Linux: dnf install gcc glibc-static
# Without one, zig links dynamically against glibc 2.34, Lambda's: pip install ziglang cargo-zigbuild
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(uname -m)
case ${1:-$host} in
  x86_64 | amd64) arch=x86_64 machine=x86_64 ;;
  arm64 | aarch64) arch=arm64 machine=aarch64 ;;
  *) echo "error: $1: expected x86_64 or arm64" >&2; exit 2 ;;
esac
[ $# -gt 0 ] && shift
target=$machine-unknown-linux-gnu
variable=CARGO_TARGET_${machine^^}_UNKNOWN_LINUX_GNU

# A compiler for the machine `$1` with a static C library, or nothing.
static_compiler() {
  local compiler
  for compiler in "$1-linux-gnu-gcc" gcc; do
    case $("$compiler" -dumpmachine 2>/dev/null) in "$1"-*) ;; *) continue ;; esac
    [ "$("$compiler" -print-file-name=libc.a)" != libc.a ] && echo "$compiler" && return
  done
}

# The whole program at once: 3 % smaller, and minutes that only a package is worth.
export CARGO_PROFILE_RELEASE_LTO=fat
# Zstandard without the searches of levels beyond 5: nothing asks for them.
export CFLAGS="${CFLAGS:-} -DZSTD_EXCLUDE_LAZY2_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_BTLAZY2_BLOCK_COMPRESSOR"
CFLAGS+=" -DZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR"

command -v rustup >/dev/null && rustup target add "$target"
if compiler=$(static_compiler "$machine") && [ -n "$compiler" ]; then
  export "${variable}_LINKER=$compiler" "CC_${target//-/_}=$compiler"
  export "${variable}_RUSTFLAGS=-C target-feature=+crt-static"
  cargo build --release --locked --package pythia --target "$target"
elif command -v cargo-zigbuild >/dev/null; then
  cargo zigbuild --release --locked --package pythia --target "$target.2.34"
else
  sed -n 's/^# *//; 7,10p' "$0" >&2
  echo "error: no C compiler with a static library for $machine, and no cargo-zigbuild: install one of the above" >&2
  exit 1
fi

binary=${CARGO_TARGET_DIR:-target}/$target/release/pythia
if [ "$machine" = "$host" ]; then
  "$binary" package "$@"
else
  CARGO_PROFILE_RELEASE_LTO=thin cargo run --release --locked --package pythia -- package --binary "$binary" --arch "$arch" "$@"
fi
