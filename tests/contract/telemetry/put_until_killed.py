"""Puts block after block and says each that is stored: the process that crash tests kill."""

import sys
from pathlib import Path

from tests.fakes.telemetry_rows import DAY_NS, NOON_NS, a_span, block_of, trace_id
from vedette.model.block import Block
from vedette.storage.telemetry.chdb_store import EngineLimits, open_telemetry

SPANS_PER_BLOCK = 60
SPANS_PER_TRACE = 5
DAYS = 3


def block_number(number: int) -> Block:
    """Return the same block for the same number: spans of several traces and days."""
    first = number * SPANS_PER_BLOCK + SPANS_PER_TRACE
    return block_of(
        "spans",
        [
            a_span(
                first + place,
                trace_id=trace_id((first + place) // SPANS_PER_TRACE),
                start_time=NOON_NS + place % DAYS * DAY_NS,
            )
            for place in range(SPANS_PER_BLOCK)
        ],
    )


def say(line: str) -> None:
    """Tell the test, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, first: int, count: int) -> None:
    """Put blocks from `first` on; the token of a block is its number."""
    telemetry = open_telemetry(folder, EngineLimits(), has_attribute_index=False)
    say("open")
    for number in range(first, first + count):
        telemetry.put([block_number(number)], token=str(number))
        say(str(number))
    telemetry.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
