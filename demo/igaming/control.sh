#!/usr/bin/env bash
# The platform's processes. usage: control.sh up|down|status|memory|stop NAME|start NAME|restart NAME
. "$(dirname "$0")/common.sh"
export TOOLS_DIR KAFKA_DIR FERRETDB_DIR VERSITYGW_DIR GO_BIN_DIR
export VENV_GAME_ENGINE="$(venv_of game-engine)/venv"
export VENV_ANALYTICS_SERVICE="$(venv_of analytics-service)/venv"
export VENV_MESSAGE_SINK="$(venv_of message-sink)/venv"
export NODE_DIR="$(dirname "$(node_command)")"
cd "$PLATFORM_DIR"
exec "$TOOLS_DIR/venv/bin/python" -m control "$@"
