#!/usr/bin/env bash
# Starts the platform with a server and a state of its own, runs the contracts (all but the calm ten
# minutes) and the loss of each store, and leaves nothing behind. For `make test` and CI.
# usage: prove.sh [arguments of contracts.sh, such as --three-times]
cd "$(dirname "$0")"
set -eu
VEDETTE_DEMO_STATE=$(mktemp -d /var/tmp/vedette-igaming-prove-XXXXXX)
export VEDETTE_DEMO_STATE
finish() {
    ./stop.sh
    rm -rf "$VEDETTE_DEMO_STATE"
}
trap finish EXIT
./start.sh --detach
./control.sh memory
./contracts.sh "$@" -k "not calm"
