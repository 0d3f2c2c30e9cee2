"""The journal on this machine's disk: segment files, synced by group commit."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import msgspec

from vedette import native
from vedette.model.digest_range import DigestRange
from vedette.model.record import Record, RecordMeta, read_meta, write_meta
from vedette.storage.journal.notes import Notes
from vedette.storage.journal.port import (
    JournalBusy,
    JournalClosed,
    JournalError,
    JournalFull,
    JournalLag,
    JournalLimits,
    JournalProgress,
)

SEGMENT_BYTES: Final = 64 * 1024 * 1024
"""What one file of the journal holds: the unit in which digested records leave the disk."""

_ERRORS: Final[dict[str, type[JournalError]]] = {
    "full": JournalFull,
    "busy": JournalBusy,
    "closed": JournalClosed,
}


class LocalJournal:
    """The journal port over the extension's journal, which writes in a thread of its own."""

    def __init__(self, opened: native.Journal, folder: Path) -> None:
        self.native: Final = opened
        """For the gRPC door, which writes to it without Python."""
        self._notes = Notes(folder, opened.journal_id)
        self._futures: dict[int, asyncio.Future[int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unreadable: set[int] = set()
        self._damage: list[str] = []

    @classmethod
    def open(
        cls, folder: Path, limits: JournalLimits, *, segment_bytes: int = SEGMENT_BYTES
    ) -> Self:
        """Open the journal in `folder`, or make one there.

        Raises:
            OSError: Another process has the folder, or it cannot be read.
        """
        return cls(
            native.Journal(
                str(folder),
                limits.bytes_max,
                limits.waiting_bytes_max,
                limits.disk_free_bytes_min,
                segment_bytes,
            ),
            folder,
        )

    @property
    def journal_id(self) -> str:
        """32 hex digits, made when the journal was."""
        return self.native.journal_id

    def append(self, meta: RecordMeta, body: bytes) -> asyncio.Future[int]:
        """Take a record; the awaited result is its sequence, after it is synced to disk."""
        loop = self._watch()
        try:
            ticket = self.native.append(write_meta(meta), body, meta.received_ns)
        except native.JournalRefused as refused:
            raise _error(*refused.args) from None
        future = loop.create_future()
        self._futures[ticket] = future
        return future

    def read(
        self, *, after_sequence: int, record_count_max: int, byte_count_max: int, wait_s: float
    ) -> Sequence[Record]:
        """Return durable records that follow `after_sequence`, oldest first."""
        after = after_sequence
        while True:
            with _disk_errors_named():
                found = self.native.read(after, record_count_max, byte_count_max, wait_s)
            if not found:
                return ()
            records = [record for each in found if (record := self._decode(*each)) is not None]
            if records:
                return records
            after, _, _ = found[-1]

    def forget(self, *, up_to_sequence: int) -> None:
        """Allow the deletion of every record up to this one: they are digested."""
        up_to_sequence = self._skip_unreadable(up_to_sequence)
        with _disk_errors_named():
            self.native.forget(up_to_sequence)
        self._notes.forget(up_to_sequence)
        self._unreadable = {one for one in self._unreadable if one > up_to_sequence}

    def note_plan(self, planned: DigestRange) -> None:
        """Keep, durably, that this range is digested as one batch from now on."""
        with _disk_errors_named():
            self._notes.plan(planned)

    def progress(self) -> JournalProgress:
        """Return what is kept of notes and forgetting."""
        return self._notes.progress

    def number_behind(self, sequence: int) -> None:
        """Give no number up to this one to a record; `damage` says so if that leaves some out."""
        self.native.number_behind(sequence)

    def lag(self, *, after_sequence: int) -> JournalLag:
        """Tell what lies after `after_sequence`."""
        with _disk_errors_named():
            return JournalLag(*self.native.lag(self._skip_unreadable(after_sequence)))

    def trouble(self) -> str | None:
        """Say why no record would be taken at this moment; None when one would."""
        return self.native.trouble()

    def damage(self) -> Sequence[str]:
        """Return a sentence for each damage found since the journal was opened."""
        return [*self.native.damage(), *self._notes.damage, *self._damage]

    def close(self) -> None:
        """Sync what was taken, then refuse everything. Blocks for that sync."""
        self.native.close()
        self._notes.keep_if_changed()
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            self._settle()
            loop.remove_reader(self.native.event_fd)

    def _watch(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            if self._loop is not None and not self._loop.is_closed():
                raise RuntimeError("a journal belongs to the event loop that first used it")
            loop.add_reader(self.native.event_fd, self._settle)
            self._loop = loop
        return loop

    def _settle(self) -> None:
        """Tell those who wait what became of their records."""
        for ticket, sequence, refusal in self.native.completions():
            future = self._futures.pop(ticket, None)
            if future is None or future.done():
                continue
            if refusal is None:
                future.set_result(sequence)
            else:
                future.set_exception(_error(*refusal))

    def _decode(self, sequence: int, meta: bytes, body: bytes) -> Record | None:
        try:
            return Record(sequence, read_meta(meta), body)
        except msgspec.DecodeError as error:
            if sequence not in self._unreadable:
                self._unreadable.add(sequence)
                self._damage.append(f"what is said about record {sequence} is unreadable: {error}")
            return None

    def _skip_unreadable(self, sequence: int) -> int:
        while sequence + 1 in self._unreadable:
            sequence += 1
        return sequence


@contextmanager
def _disk_errors_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError(f"the journal's disk does not answer: {error}") from error


def _error(kind: str, sentence: str) -> JournalError:
    return _ERRORS.get(kind, JournalError)(sentence)
