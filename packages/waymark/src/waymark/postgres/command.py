"""The command `waymark-postgres`: `migrate` once per release, `maintain` once a day."""

from __future__ import annotations

import argparse
import os
import sys

import psycopg

from waymark.postgres.migrate import migrate_traces


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two; 0 when it is done, 1 with one sentence when it is not."""
    options = _parser().parse_args(arguments)
    if not options.url:
        print("give --url or set WAYMARK_POSTGRES_URL", file=sys.stderr)
        return 2
    try:
        with psycopg.connect(options.url, autocommit=True) as connection:
            print(options.run(connection, options))
    except psycopg.Error as error:
        print(f"{options.command} failed: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="waymark-postgres", description=__doc__)
    parser.add_argument("--url", default=os.environ.get("WAYMARK_POSTGRES_URL"))
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate").set_defaults(run=_migrate)
    maintain = commands.add_parser("maintain")
    maintain.add_argument("--retention-days", type=int, default=14)
    maintain.set_defaults(run=_maintain)
    return parser


def _migrate(connection: psycopg.Connection, options: argparse.Namespace) -> str:
    applied = migrate_traces(connection)
    return f"applied: {', '.join(applied)}" if applied else f"nothing new for {options.command}"


def _maintain(connection: psycopg.Connection, options: argparse.Namespace) -> str:
    row = connection.execute(
        "SELECT partitions_made, partitions_dropped, rows_dropped FROM maintain_traces(%s)",
        [options.retention_days],
    ).fetchone()
    assert row is not None, "the function always returns one row"
    return f"partitions made {row[0]}, dropped {row[1]}; stray rows dropped {row[2]}"
