"""Once in a while, let the journal make its coming partitions and drop those that are too old."""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

import psycopg

from ticketing.database import TRACE_RETENTION_DAYS

EVERY_S: Final = 6 * 3_600
"""Partitions are made for a week ahead: a few missed rounds do no harm."""

RETRY_S: Final = 60


def maintain(url: str) -> str:
    """One round, by a role that can do nothing else; returns what was done."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT partitions_made, partitions_dropped, rows_dropped FROM maintain_traces(%s)",
            [TRACE_RETENTION_DAYS],
        ).fetchone()
    assert row is not None, "the function always returns one row"
    return f"partitions made {row[0]}, dropped {row[1]}; stray rows dropped {row[2]}"


def main() -> None:
    """Run until the supervisor ends it."""
    url = os.environ["TICKETING_KEEPER_URL"]
    pause = threading.Event()
    while True:
        try:
            print(f"keeper: {maintain(url)}", flush=True)
            pause.wait(EVERY_S)
        except psycopg.Error as error:
            print(f"keeper: {error}", file=sys.stderr, flush=True)
            pause.wait(RETRY_S)


if __name__ == "__main__":
    main()
