#!/usr/bin/env bash
# Builds every service: Go binaries and environments into the cache, front ends into their dist
# folders. What is already there is left alone. usage: build.sh [--services-only]
. "$(dirname "$0")/common.sh"
cd "$PLATFORM_DIR"

install_python() { # usage: install_python SERVICE FOLDER
    "$TOOLS_DIR/venv/bin/uv" venv --quiet --relocatable --python "$(command -v python3)" "$2/venv"
    "$TOOLS_DIR/venv/bin/uv" pip install --quiet --python "$2/venv/bin/python" --require-hashes \
        -r "services/$1/requirements.lock"
}

install_npm() { # usage: install_npm SERVICE FOLDER
    cp "services/$1/package.json" "services/$1/package-lock.json" "$2/"
    (cd "$2" && PATH="$TOOLS_DIR/venv/bin:$PATH" npm ci --silent --no-audit --no-fund)
}

# npm wants node_modules beside package.json; the link keeps the files in the cache all the same.
link_npm() { ln -sfn "$(npm_of "$1")/node_modules" "services/$1/node_modules"; }

build_front() { # usage: build_front SERVICE COMMAND...
    local service=$1 stamp
    shift
    stamp="services/$service/dist/.built-from"
    local now
    now=$(find "services/$service" -path '*/node_modules' -prune -o -path '*/dist' -prune -o -path '*/.angular' -prune \
        -o -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-12)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return 0; fi
    say "building $service"
    (cd "services/$service" && PATH="$TOOLS_DIR/venv/bin:$PATH" "$@" >&2)
    # Gives every script and its map one id, by which the server finds the map after the upload. Angular
    # writes such an id as a comment only, which no SDK can read, and sentry-cli would leave it at that.
    find "services/$service/dist" -name '*.js' -exec sed -i '/^\/\/# debugId=/d' {} +
    "$TOOLS_DIR/venv/bin/sentry-cli" sourcemaps inject --quiet "services/$service/dist"
    echo "$now" > "$stamp"
}

for service in game-engine analytics-service message-sink; do
    cached "$(venv_of $service)" "installing the packages of $service" install_python $service
done
say "compiling the Go services (seconds once cached)"
mkdir -p "$GO_BIN_DIR"
(cd services && go build -o "$GO_BIN_DIR/" ./api-gateway ./user-service ./notification-service \
    ./fault-service ./payment-provider ./web-server)
cached "$(npm_of payment-service)" "installing the packages of payment-service" install_npm payment-service
link_npm payment-service

if [ "${1:-}" != "--services-only" ]; then
    for service in frontend admin-panel; do
        cached "$(npm_of $service)" "installing the packages of $service (about half a minute)" install_npm $service
        link_npm $service
    done
    build_front frontend npm run --silent build
    build_front admin-panel npm run --silent build
fi
