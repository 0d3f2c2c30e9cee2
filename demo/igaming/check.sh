#!/usr/bin/env bash
# Lint, types and tests of the platform that need no running process. Says what it does.
. "$(dirname "$0")/common.sh"
cd "$PLATFORM_DIR"
say "components and packages (cached)"
components/install.sh
./build.sh
export PATH="$TOOLS_DIR/venv/bin:$PATH"
TYPE_CACHE="$CACHE_DIR/mypy"
check_types() { # usage: check_types FOLDER PYTHON PACKAGE...
    local folder=$1 python=$2 packages=()
    shift 2
    for package in "$@"; do packages+=(-p "$package"); done
    (cd "$folder" && MYPYPATH=".:$PLATFORM_DIR/services/python-kit" mypy --config-file "$PLATFORM_DIR/pyproject.toml" \
        --cache-dir "$TYPE_CACHE" --python-executable "$python" --explicit-package-bases --no-error-summary "${packages[@]}")
}

say "Go: format, vet, test"
unformatted=$(cd services && gofmt -l .)
if [ -n "$unformatted" ]; then say "not formatted: $unformatted"; exit 1; fi
(cd services && go vet ./... && go test ./... 2>&1 | grep -v 'no test files')

say "Python: format, lint, types, tests"
ruff format --check -q . && ruff check -q --no-cache .
check_types services/game-engine "$(venv_of game-engine)/venv/bin/python" game_engine service_kit
check_types services/analytics-service "$(venv_of analytics-service)/venv/bin/python" analytics
check_types services/message-sink "$(venv_of message-sink)/venv/bin/python" message_sink
check_types . "$TOOLS_DIR/venv/bin/python" control contracts load
# A service's own environment has no pytest, so its tests are run by ours with its packages.
for service in game-engine analytics-service; do
    PYTHONPATH="$PLATFORM_DIR/services/$service:$PLATFORM_DIR/services/python-kit:$(echo "$(venv_of $service)"/venv/lib/python3*/site-packages)" \
        python -m pytest -q -p no:cacheprovider "services/$service/tests"
done
python -m pytest -q -p no:cacheprovider contracts/tests control/tests load/tests

say "TypeScript: types, tests"
(cd services/payment-service && npx --no-install tsc --noEmit && node --test 'tests/*.test.ts' | grep -E '^ℹ (pass|fail)')
(cd services/admin-panel && npx --no-install tsc --noEmit)
(cd services/frontend && npx --no-install ngc -p tsconfig.json --noEmit)

say "compose file against the schema"
check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
say "all checks passed"
