#!/usr/bin/env bash
# Puts the packages of package-lock.json at ui/node_modules: a link into a cache keyed by the lock.
set -euo pipefail
cd "$(dirname "$0")/.."

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/vedette/ui"
KEY="$(cat package-lock.json .npmrc | sha256sum | cut -c1-16)"
FOLDER="$CACHE/modules-$KEY"

install_modules() {
  echo "── installing the packages of the pages (the first time takes a minute)" >&2
  rm -rf "$FOLDER" && mkdir -p "$FOLDER"
  cp package.json package-lock.json .npmrc "$FOLDER/"
  (cd "$FOLDER" && npm ci --ignore-scripts --loglevel=error >&2)
  touch "$FOLDER/.installed"
}

mkdir -p "$CACHE"
exec 9>"$CACHE/modules.lock"
flock 9
[ -f "$FOLDER/.installed" ] || install_modules
if [ "$(readlink node_modules || true)" != "$FOLDER/node_modules" ]; then
  rm -rf node_modules
  ln -s "$FOLDER/node_modules" node_modules
fi
