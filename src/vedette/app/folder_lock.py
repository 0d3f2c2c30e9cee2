"""One process per data folder: a lock that says who holds it."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class FolderIsTaken(Exception):  # noqa: N818 - a state of the folder, told in a sentence
    """Another process serves this folder; the text names it."""


class FolderLock:
    """Held from `take` until `release`; the kernel lets go of it when the process dies."""

    def __init__(self, data: Path) -> None:
        self._path = data / "vedette.lock"
        self._file = -1

    def take(self) -> Self:
        """Take the lock.

        Raises:
            FolderIsTaken: Somebody has it.
        """
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            self._file = -1
            raise FolderIsTaken(
                f"{self._path.parent} is in use by process {holder}; "
                "stop that one first, or give another folder with --data"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        return self

    def release(self) -> None:
        """Let go."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self.take()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def holder_of(data: Path) -> int | None:
    """Return the process that serves a folder; None if nobody does."""
    try:
        with FolderLock(data):
            return None
    except FolderIsTaken:
        text = (data / "vedette.lock").read_text("ascii", "replace").strip()
        return int(text) if text.isdecimal() else 0
    except OSError:
        return None
