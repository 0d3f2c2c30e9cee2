#!/usr/bin/env bash
# Install what only tests need and only a system package brings; say what cannot run without it.
set -u
have() { command -v "$1" >/dev/null 2>&1; }
install() { # command, package, what it is for
  have "$1" && return 0
  if [ "$(id -u)" = 0 ] && have apt-get; then
    echo "── installing $2 ($3)"
    apt-get install -y -qq "$2" >/dev/null 2>&1 || { apt-get update -qq >/dev/null 2>&1; apt-get install -y -qq "$2" >/dev/null 2>&1; }
  fi
  have "$1" || echo "── $2 is missing and cannot be installed here: tests of $3 are skipped"
}
install chromium chromium "the browser SDK"
have mvn || echo "── Maven is missing: tests with the Java SDK are skipped"
have go || echo "── Go is missing: tests with the Go SDK and the S3 store are skipped"
have node || echo "── Node is missing: tests with the Node SDK are skipped"
exit 0
