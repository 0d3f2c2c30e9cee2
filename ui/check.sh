#!/usr/bin/env bash
# Lint, types, room rules, tests and the size budget of the pages.
set -euo pipefail
cd "$(dirname "$0")"
PATH="$(tools/node.sh):$PATH"; export PATH
tools/modules.sh
node tools/write_schema_types.ts
echo "lint";       node node_modules/oxlint/bin/oxlint --quiet --deny-warnings src tools
echo "types";      node node_modules/typescript/bin/tsc --noEmit -p .
echo "rooms";      node tools/check_rooms.ts
echo "tidy";       node tools/tidy.ts
echo "tests";      node node_modules/vitest/vitest.mjs run --reporter=dot
echo "size";       ./build.sh && node tools/size_budget.ts
