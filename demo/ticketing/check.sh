#!/usr/bin/env bash
# Check the ticketing platform: install what is missing, lint, types, tests on a real platform.
#   ./check.sh          what every change must pass
#   ./check.sh --slow   also the tests on a million rows
# VEDETTE_URL, VEDETTE_OTLP and VEDETTE_TOKEN name a running Vedette; without them the contracts
# that need it are skipped and say so.
set -euo pipefail
cd "$(dirname "$0")"
export UV_PYTHON_DOWNLOADS=never

say() { printf '\n== ticketing: %s\n' "$1"; }

command -v uv >/dev/null || { say "installing uv"; python3 -m pip install --quiet uv; }
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing chromium for the page tests"
  apt-get install --yes --quiet chromium >/dev/null || say "chromium cannot be installed: its tests will be skipped"
fi

say "installing the locked packages"
uv sync --quiet --frozen
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
