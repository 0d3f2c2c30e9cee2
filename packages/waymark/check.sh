#!/usr/bin/env bash
# Check waymark alone: install what is missing, lint, types, tests.
#   ./check.sh          what every change must pass
#   ./check.sh --slow   also the tests on a million rows
set -euo pipefail
cd "$(dirname "$0")"
export UV_PYTHON_DOWNLOADS=never

say() { printf '\n== waymark: %s\n' "$1"; }

command -v uv >/dev/null || { say "installing uv"; python3 -m pip install --quiet uv; }
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing chromium for the browser tests"
  apt-get install --yes --quiet chromium >/dev/null || say "chromium cannot be installed: its tests will be skipped"
fi

say "installing the locked packages"
uv sync --quiet --frozen --all-extras
say "lint and format"
uv run --frozen ruff check .
uv run --frozen ruff format --check .
say "types"
uv run --frozen mypy
say "tests"
if [ "${1:-}" = --slow ]; then
  uv run --frozen pytest --quiet
else
  uv run --frozen pytest --quiet -m "not slow"
fi
