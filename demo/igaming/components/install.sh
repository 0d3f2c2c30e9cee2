#!/usr/bin/env bash
# Builds or installs the real components, pinned, into the cache. Says what it does; a second run
# with nothing to do takes no time. The recipes: Kafka from its jars, FerretDB (MongoDB protocol)
# and versitygw (S3) from their Go modules, Redis and PostgreSQL from the system's packages.
. "$(dirname "$0")/../common.sh"

postgres_is_here() { ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null; }
redis_is_here() { command -v redis-server >/dev/null; }
java_is_here() { command -v java >/dev/null; }
maven_is_here() { command -v mvn >/dev/null; }

need_system_package() { # usage: need_system_package PROBE PACKAGE
    "$1" && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing the system package $2"
        apt-get install -y -qq "$2" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq "$2" >/dev/null; }
    else
        say "missing: $2. Install it with your system's package manager and start again."
        exit 1
    fi
}

install_tools() {
    python3 -m venv "$1/venv"
    "$1/venv/bin/pip" install --quiet --require-hashes -r "$TOOLS_LOCK"
    # A virtual environment names its own path in its scripts; after the rename they must fit.
    grep -rlI "$1" "$1/venv/bin" | xargs -r sed -i "s#$1#${1%.part}#g"
}

install_kafka() {
    cp "$PLATFORM_DIR/components/kafka/pom.xml" "$1/"
    mvn -q -f "$1/pom.xml" dependency:copy-dependencies -DoutputDirectory="$1/lib"
}

# The module embeds a version file that its published copy lacks, and panics at start without it;
# so it is built from a writable copy to which we add the file.
install_ferretdb() {
    cp "$PLATFORM_DIR"/components/ferretdb/go.{mod,sum} "$1/"
    (
        cd "$1"
        go mod download
        local source
        source=$(go list -m -f '{{.Dir}}' github.com/FerretDB/FerretDB)
        cp -r "$source" source
        chmod -R u+w source
        go list -m -f '{{.Version}}' github.com/FerretDB/FerretDB > source/build/version/version.txt
        (cd source && go build -trimpath -ldflags='-s -w' -o ../ferretdb ./cmd/ferretdb)
        rm -rf source
    )
}

install_versitygw() {
    cp "$PLATFORM_DIR"/components/versitygw/go.{mod,sum} "$1/"
    (cd "$1" && go build -trimpath -ldflags='-s -w' -o versitygw github.com/versity/versitygw/cmd/versitygw)
}

need_system_package redis_is_here redis-server
need_system_package postgres_is_here postgresql
need_system_package java_is_here default-jre-headless
need_system_package maven_is_here maven
cached "$TOOLS_DIR" "installing the platform's tools (supervisor, uv, Node 24): half a minute" install_tools
cached "$KAFKA_DIR" "fetching Kafka's jars (43 MB)" install_kafka
cached "$FERRETDB_DIR" "building FerretDB: about a minute" install_ferretdb
cached "$VERSITYGW_DIR" "building versitygw: about two minutes" install_versitygw
