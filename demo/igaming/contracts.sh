#!/usr/bin/env bash
# Runs the scenarios, and the loss of each store, against the running platform and the monitoring
# server it sends to.
# usage: contracts.sh [pytest arguments, such as -k tracing]   or   contracts.sh --three-times
. "$(dirname "$0")/common.sh"
cd "$PLATFORM_DIR"
rounds=1
if [ "${1:-}" = "--three-times" ]; then rounds=3; shift; fi
. releases/access.sh # also finds the server that start.sh started for itself
export VEDETTE_URL VEDETTE_TOKEN
for round in $(seq "$rounds"); do
    say "round $round of $rounds"
    "$TOOLS_DIR/venv/bin/python" -m pytest -p no:cacheprovider contracts/test_contracts.py contracts/test_bad_conditions.py "$@"
done
