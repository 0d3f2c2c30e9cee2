#!/usr/bin/env bash
# Print the path of a Python that is new enough, whichever names and version managers there are.
for name in python3.11 python3.12 python3.13 python3 python; do
  found=$(command -v "$name" 2>/dev/null) || continue
  "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  # A version manager's shim is no interpreter: ask the interpreter where it is.
  exec "$found" -c 'import sys; print(sys.executable)'
done
exit 0
