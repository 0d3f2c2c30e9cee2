"""The note by which the command line finds the running server: url, process, a token."""

import contextlib
import os
from pathlib import Path

import msgspec


class ServerNote(msgspec.Struct, frozen=True):
    """Written at start, readable by its owner alone, taken away at the end."""

    url: str
    pid: int
    token: str


def write_note(path: Path, note: ServerNote) -> None:
    """Write the note, never readable for others, not even for a moment."""
    beside = path.with_suffix(".new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, msgspec.json.encode(note))
    finally:
        os.close(handle)
    beside.replace(path)


def read_note(path: Path) -> ServerNote | None:
    """Return the note; None if there is none or it is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ServerNote)
    except (OSError, msgspec.DecodeError):
        return None
