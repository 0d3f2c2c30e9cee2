#!/usr/bin/env bash
# Tells the monitoring server about a release and its deploy, with sentry-cli as everybody would.
# A server that cannot be told is no reason to stop a deploy. usage: announce.sh SERVICE VERSION REPOSITORY
. "$(dirname "$0")/../common.sh"
. "$PLATFORM_DIR/releases/access.sh"
if [ -z "$SENTRY_URL" ]; then say "no server to tell about release $2"; exit 0; fi
release="$1@$2"
export SENTRY_PROJECT="igaming-$1"
if cd "$3" && sentry-cli releases new "$release" &&
    sentry-cli releases set-commits "$release" --local --initial-depth 1 --ignore-missing && sentry-cli releases finalize "$release" &&
    sentry-cli deploys new --release "$release" --env "${SENTRY_ENVIRONMENT:-demo}"; then
    say "the server knows release $release"
else
    say "the server was not told about release $release (see above)"
fi
