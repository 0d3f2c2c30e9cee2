#!/usr/bin/env bash
# Start the ticketing platform: install what is missing, start all, print where it is.
set -euo pipefail
cd "$(dirname "$0")"
export UV_PYTHON_DOWNLOADS=never
command -v uv >/dev/null || { echo "ticketing: installing uv"; python3 -m pip install --quiet uv; }
echo "ticketing: installing the locked packages"
# Inexact: what `check.sh` installed beside it stays.
uv sync --quiet --frozen --no-dev --inexact
exec .venv/bin/python -m ticketing.platform.start "$@"
