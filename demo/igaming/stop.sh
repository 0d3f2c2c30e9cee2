#!/usr/bin/env bash
# Stops everything that start.sh started, and nothing else.
exec "$(dirname "$0")/control.sh" down
