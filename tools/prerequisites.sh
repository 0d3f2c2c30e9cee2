#!/usr/bin/env bash
# Say in one sentence what is missing that we cannot install ourselves.
set -u
missing=0
need() { command -v "$1" >/dev/null 2>&1 || { echo "vedette: $1 is missing: $2" >&2; missing=1; }; }
[ -n "$("$(dirname "$0")/find_python.sh")" ] || { echo "vedette: Python 3.11 or newer is missing: install it from python.org or your distribution" >&2; missing=1; }
need cargo "install Rust 1.95 or newer (rustup.rs)"
need cc "install a C compiler (gcc or clang)"
exit $missing
