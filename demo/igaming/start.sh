#!/usr/bin/env bash
# One command: builds what is missing, starts everything, waits until it is healthy, prints where
# to go. Ctrl-C stops all of it. usage: start.sh [--detach] [--services-only]
cd "$(dirname "$0")"
arguments=()
build_arguments=()
for argument in "$@"; do
    case $argument in
        --services-only) build_arguments+=("$argument") ;;
        *) arguments+=("$argument") ;;
    esac
done
components/install.sh
./build.sh "${build_arguments[@]}"
exec ./control.sh up "${arguments[@]}"
