#!/usr/bin/env bash
# Prints a key of everything that the built pages are made from.
set -euo pipefail
cd "$(dirname "$0")/.."
{ find src tools public -type f | LC_ALL=C sort
  echo package.json; echo package-lock.json; echo index.html; echo vite.config.ts; echo tsconfig.json
  echo ../schema/openapi.json; } | grep -v 'src/wire/schema.ts$' | grep -v '\.test\.tsx\?$' \
  | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -c1-16
