# Sourced: where the monitoring server is, for sentry-cli. Empty SENTRY_URL: there is none.
access="${VEDETTE_DEMO_STATE:-/var/tmp/vedette-igaming-$(id -u)}/vedette-access.json"
read_access() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$access" "$1"; }
if [ -z "${VEDETTE_URL:-}" ] && [ -r "$access" ]; then
    VEDETTE_URL=$(read_access url)
    VEDETTE_TOKEN=$(read_access token)
fi
export SENTRY_URL="${VEDETTE_URL:-}" SENTRY_AUTH_TOKEN="${VEDETTE_TOKEN:-}" SENTRY_ORG="${VEDETTE_ORGANIZATION:-default}"
export PATH="$TOOLS_DIR/venv/bin:$PATH"
