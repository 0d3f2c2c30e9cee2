"""After a crash: forget tokens whose rows never came to be.

The engine writes a token into the table's deduplication log just before it gives the new part its
name. When the process dies between the two, the log says "stored" of rows that are not there, and
a repeated insert would be taken for a duplicate and dropped. So before the engine opens a folder,
every token whose part is not on the disk is struck out, in the log's own words; and a line that
was cut in mid-word by a power failure, behind which the engine would read no further, goes too.

The form of the log belongs to the engine's version, which is pinned; a test holds it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOG_FOLDER: Final = "deduplication_logs"
_ADD, _DROP = "1", "2"
_PART: Final = re.compile(r"(?P<partition>[^_]+)_(?P<first>\d+)_(?P<last>\d+)_\d+(?:_\d+)?")
_LOG_NUMBER: Final = re.compile(r"deduplication_log_(\d+)\.txt")


@dataclass(frozen=True, slots=True)
class _Part:
    partition: str
    first_block: int
    last_block: int

    def covers(self, other: "_Part") -> bool:
        return (
            self.partition == other.partition
            and self.first_block <= other.first_block
            and self.last_block >= other.last_block
        )


def mend(folder: Path) -> list[str]:
    """Strike out what never came to be, in all tables; return a line for each, for the log."""
    return [line for table in table_folders(folder) for line in _mend_table(table)]


def table_folders(folder: Path) -> Iterator[Path]:
    """Return the folders of the tables of the engine's folder."""
    yield from sorted(each for each in (folder / "data" / "default").glob("*") if each.is_dir())


def make_durable(table: Path) -> None:
    """Bring names of parts and tokens to the disk; the engine itself only does it for contents."""
    logs = table / LOG_FOLDER
    for path in (*_logs(table)[-1:], logs, table):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _logs(table: Path) -> list[Path]:
    found = [(_LOG_NUMBER.fullmatch(each.name), each) for each in (table / LOG_FOLDER).glob("*")]
    numbered = [(int(match[1]), path) for match, path in found if match]
    return [path for _, path in sorted(numbered)]


def _mend_table(table: Path) -> list[str]:
    logs = _logs(table)
    part_by_token: dict[str, str] = {}
    for log in logs:
        for operation, part, token in _entries(log):
            if operation == _ADD:
                part_by_token[token] = part
            else:
                part_by_token.pop(token, None)
    present = [found for each in table.iterdir() if (found := _part(each.name))]
    lost = {
        token: name
        for token, name in part_by_token.items()
        if (wanted := _part(name)) and not any(each.covers(wanted) for each in present)
    }
    if lost:
        with logs[-1].open("a", encoding="utf-8") as log_file:
            log_file.writelines(f"{_DROP}\t{name}\t{token}\n" for token, name in lost.items())
            log_file.flush()
            os.fsync(log_file.fileno())
    return [f"{table.name}: part {name} was never stored" for name in lost.values()]


def _entries(log: Path) -> list[tuple[str, str, str]]:
    """Return the entries of a log, cut to its last whole line."""
    data = log.read_bytes()
    entries: list[tuple[str, str, str]] = []
    whole_bytes = 0
    for line in data.splitlines(keepends=True):
        words = line.decode("utf-8", "replace").rstrip("\n").split("\t")
        is_whole = line.endswith(b"\n") and len(words) == len(("operation", "part", "token"))
        if not is_whole or words[0] not in (_ADD, _DROP) or not _part(words[1]):
            break
        entries.append((words[0], words[1], words[2]))
        whole_bytes += len(line)
    if whole_bytes < len(data):
        with log.open("r+b") as log_file:
            log_file.truncate(whole_bytes)
            os.fsync(log_file.fileno())
    return entries


def _part(name: str) -> _Part | None:
    match = _PART.fullmatch(name)
    if match is None:
        return None
    return _Part(match["partition"], int(match["first"]), int(match["last"]))
