#!/usr/bin/env bash
# Seeded visitors. usage: load.sh [--profile calm|busy] [--seconds N] [--seed N] [--browser]
. "$(dirname "$0")/common.sh"
cd "$PLATFORM_DIR"
exec "$TOOLS_DIR/venv/bin/python" -m load.visitors "$@"
