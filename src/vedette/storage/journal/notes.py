"""How far the journal's reader was, in a small file beside the segments.

The ledger in the metadata says the same and is asked first. The file is for the day when the
metadata is gone and the journal is not: what lies in the segments must not be stored twice then.
"""

import logging
import os
import threading
from pathlib import Path
from typing import Final

import msgspec

from vedette.model.digest_range import DigestRange
from vedette.storage.journal.port import JournalProgress

logger = logging.getLogger(__name__)

FILE: Final = "progress.json"
_UNFINISHED: Final = "progress.json.new"
_BYTE_COUNT_MAX: Final = 1024 * 1024
"""A larger one is not ours; a few ranges are open at most."""


class _Kept(msgspec.Struct):
    """What stands in the file. The journal's id: sequences mean nothing in another journal."""

    journal_id: str
    forgotten_up_to: int
    planned: list[tuple[int, int]]


class Notes:
    """Reads the file once, and writes it whole each time. May be used from several threads."""

    def __init__(self, folder: Path, journal_id: str) -> None:
        self._folder, self._journal_id = folder, journal_id
        self._lock = threading.Lock()
        self.damage: list[str] = []
        self.progress = self._read()
        self._is_changed = False

    def plan(self, planned: DigestRange) -> None:
        """Keep a range, durably.

        Raises:
            OSError: The disk does not answer; nothing is noted then.
        """
        with self._lock:
            progress = with_plan(self.progress, planned)
            self._write(progress)
            self.progress, self._is_changed = progress, False

    def forget(self, up_to_sequence: int) -> None:
        """Move on. Written with the next plan: to forget late means to repeat what is known."""
        with self._lock:
            self.progress, self._is_changed = behind(self.progress, up_to_sequence), True

    def keep_if_changed(self) -> None:
        """Write what was not yet; a disk that fails at this moment loses nothing by it."""
        with self._lock:
            if self._is_changed:
                try:
                    self._write(self.progress)
                except OSError as error:
                    logger.warning("how far the journal was read could not be kept: %s", error)
                else:
                    self._is_changed = False

    def _read(self) -> JournalProgress:
        path = self._folder / FILE
        try:
            with path.open("rb") as file:
                kept = msgspec.json.decode(file.read(_BYTE_COUNT_MAX), type=_Kept)
        except FileNotFoundError:
            return JournalProgress()
        except (OSError, msgspec.DecodeError) as error:
            self.damage.append(f"{path} is unreadable, the ledger alone is trusted: {error}")
            return JournalProgress()
        if kept.journal_id != self._journal_id:
            return JournalProgress()
        planned = tuple(DigestRange(first, last) for first, last in kept.planned)
        return JournalProgress(kept.forgotten_up_to, planned)

    def _write(self, progress: JournalProgress) -> None:
        ranges = [(each.first_sequence, each.last_sequence) for each in progress.planned]
        kept = _Kept(self._journal_id, progress.forgotten_up_to, ranges)
        unfinished = self._folder / _UNFINISHED
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(unfinished, flags, mode=0o600), "wb") as file:
            file.write(msgspec.json.encode(kept))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / FILE)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def with_plan(progress: JournalProgress, planned: DigestRange) -> JournalProgress:
    """Return the progress with one more range, or as it is when the range is in it."""
    if planned in progress.planned:
        return progress
    return JournalProgress(progress.forgotten_up_to, (*progress.planned, planned))


def behind(progress: JournalProgress, up_to_sequence: int) -> JournalProgress:
    """Return the progress after forgetting up to a sequence."""
    return JournalProgress(
        max(progress.forgotten_up_to, up_to_sequence),
        tuple(each for each in progress.planned if each.last_sequence > up_to_sequence),
    )
