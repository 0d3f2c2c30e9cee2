#!/usr/bin/env bash
# Builds the pages and puts them where the server finds them; what was built once is not built again.
set -euo pipefail
cd "$(dirname "$0")"

PAGES=../src/vedette/ui_pages
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/vedette/ui"
KEY="$(tools/content_key.sh)"
BUILT="$CACHE/pages-$KEY"

build() {
  PATH="$(tools/node.sh):$PATH"; export PATH
  tools/modules.sh
  echo "── building the pages" >&2
  node tools/write_schema_types.ts
  rm -rf "$BUILT.part" && mkdir -p "$BUILT.part"
  node node_modules/vite/bin/vite.js build --logLevel warn --outDir "$(cd "$CACHE" && pwd)/pages-$KEY.part" --emptyOutDir >&2
  node tools/press.ts "$BUILT.part"
  mv -T "$BUILT.part" "$BUILT"
}

if [ "$(cat "$PAGES/.key" 2>/dev/null || true)" != "$KEY" ]; then
  mkdir -p "$CACHE"
  exec 8>"$CACHE/build.lock"
  flock 8
  [ -d "$BUILT" ] || build
  rm -rf "$PAGES" && mkdir -p "$PAGES"
  cp -r "$BUILT/." "$PAGES/"
  echo "$KEY" > "$PAGES/.key"
fi
