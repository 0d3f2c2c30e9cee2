"""Append to the journal in a folder for ever, and print every sequence that was acknowledged."""

import asyncio
import sys
from pathlib import Path

from tests.contract.journal.conftest import LIMITS, META
from vedette.storage.journal.local import LocalJournal

WRITER_COUNT = 8


async def append_for_ever(journal: LocalJournal, writer: int) -> None:
    count = 0
    while True:
        count += 1
        body = b"%d-%d " % (writer, count)
        sequence = await journal.append(META, body * 500)
        sys.stdout.write(f"{sequence} {body.decode()}\n")
        sys.stdout.flush()


async def main(folder: Path) -> None:
    journal = LocalJournal.open(folder, LIMITS, segment_bytes=256 * 1024)
    await asyncio.gather(*(append_for_ever(journal, writer) for writer in range(WRITER_COUNT)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
