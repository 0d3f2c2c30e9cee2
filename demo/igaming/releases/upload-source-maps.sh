#!/usr/bin/env bash
# Uploads the source maps of both front ends. The debug ids in them were injected by the build, so
# the maps fit whatever the release is called. usage: upload-source-maps.sh
. "$(dirname "$0")/../common.sh"
. "$PLATFORM_DIR/releases/access.sh"
if [ -z "$SENTRY_URL" ]; then say "no server to upload source maps to"; exit 0; fi
failed=0
for service in frontend admin-panel; do
    if [ ! -d "$PLATFORM_DIR/services/$service/dist" ]; then continue; fi
    SENTRY_PROJECT="igaming-$service" sentry-cli sourcemaps upload "$PLATFORM_DIR/services/$service/dist" \
        || { say "the source maps of $service were not taken (see above)"; failed=1; }
done
exit "$failed"
