#!/usr/bin/env bash
# A day of history in a minute, for trials and pictures. The platform must be stopped for `record`;
# `replay` needs a running server: VEDETTE_URL and VEDETTE_TOKEN, or the one start.sh has started.
# usage: history.sh record FILE [SECONDS]   or   history.sh replay FILE
. "$(dirname "$0")/common.sh"
cd "$PLATFORM_DIR"
file=${2:?usage: history.sh record|replay FILE}
if [ "$1" = replay ]; then
    . releases/access.sh
    export VEDETTE_URL VEDETTE_TOKEN
    exec "$TOOLS_DIR/venv/bin/python" -m load.history replay "$file"
fi
"$TOOLS_DIR/venv/bin/python" -m load.history record "$file" &
recorder=$!
trap './control.sh down; kill $recorder' EXIT
number=0 # in the order of control/vedette.py, which gives the keys at the replay
for service in FRONTEND API_GATEWAY USER_SERVICE GAME_ENGINE PAYMENT_SERVICE ANALYTICS_SERVICE NOTIFICATION_SERVICE ADMIN_PANEL; do
    number=$((number + 1))
    export "SENTRY_DSN_$service=http://recorded@127.0.0.1:9790/$number"
done
./control.sh up --detach
./load.sh --profile calm --seconds "${3:-30}" --browser
