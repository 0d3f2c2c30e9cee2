"""A journal without a disk, for tests: the same contract, gone with the process."""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence

from vedette.model.digest_range import DigestRange
from vedette.model.record import Record, RecordMeta, write_meta
from vedette.storage.journal.notes import behind, with_plan
from vedette.storage.journal.port import (
    JournalBusy,
    JournalClosed,
    JournalError,
    JournalFull,
    JournalLag,
    JournalLimits,
    JournalProgress,
)


class MemoryJournal:
    """The journal port over a deque. A record is "durable" in the next turn of the event loop."""

    def __init__(self, limits: JournalLimits, *, journal_id: str = "0" * 32) -> None:
        self.refusal: JournalError | None = None
        """Set it to see what a caller does when every record is refused."""
        self._limits = limits
        self._journal_id = journal_id
        self._changed = threading.Condition()
        self._records: deque[Record] = deque()
        self._waiting: list[tuple[RecordMeta, bytes, asyncio.Future[int]]] = []
        self._last_sequence = 0
        self._progress = JournalProgress()
        self._is_closed = False

    @property
    def journal_id(self) -> str:
        """What the test gave."""
        return self._journal_id

    def append(self, meta: RecordMeta, body: bytes) -> asyncio.Future[int]:
        """Take a record; the awaited result is its sequence."""
        loop = asyncio.get_running_loop()
        self._refuse_if_needed(_record_bytes(meta, body))
        future = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._sync)
        self._waiting.append((meta, body, future))
        return future

    def read(
        self, *, after_sequence: int, record_count_max: int, byte_count_max: int, wait_s: float
    ) -> Sequence[Record]:
        """Return records that follow `after_sequence`, oldest first."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._last_sequence > after_sequence, timeout=wait_s
            )
            found: list[Record] = []
            byte_count = 0
            for record in self._records:
                if record.sequence <= after_sequence:
                    continue
                byte_count += _record_bytes(record.meta, record.body)
                if found and (len(found) >= record_count_max or byte_count > byte_count_max):
                    break
                found.append(record)
            return found

    def forget(self, *, up_to_sequence: int) -> None:
        """Drop every record up to this one."""
        with self._changed:
            while self._records and self._records[0].sequence <= up_to_sequence:
                self._records.popleft()
            self._progress = behind(self._progress, up_to_sequence)

    def note_plan(self, planned: DigestRange) -> None:
        """Keep that this range is digested as one batch from now on."""
        with self._changed:
            self._progress = with_plan(self._progress, planned)

    def progress(self) -> JournalProgress:
        """Return what is kept of notes and forgetting."""
        with self._changed:
            return self._progress

    def number_behind(self, sequence: int) -> None:
        """Give no number up to this one to a record."""
        with self._changed:
            self._last_sequence = max(self._last_sequence, sequence)

    def lag(self, *, after_sequence: int) -> JournalLag:
        """Tell what lies after `after_sequence`."""
        with self._changed:
            behind = [record for record in self._records if record.sequence > after_sequence]
            return JournalLag(
                record_count=len(behind),
                byte_count=_sum_bytes(behind),
                oldest_received_ns=behind[0].meta.received_ns if behind else None,
                last_sequence=self._last_sequence,
            )

    def trouble(self) -> str | None:
        """Say why no record would be taken at this moment; None when one would."""
        try:
            self._refuse_if_needed(0)
        except JournalError as refusal:
            return str(refusal)
        return None

    def damage(self) -> Sequence[str]:
        """Return nothing: memory is never damaged."""
        return ()

    def close(self) -> None:
        """Take what waits, then refuse everything."""
        self._sync()
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _refuse_if_needed(self, byte_count: int) -> None:
        if self._is_closed:
            raise JournalClosed("the journal is closed")
        if self.refusal is not None:
            raise self.refusal
        waiting_bytes = sum(_record_bytes(meta, body) for meta, body, _ in self._waiting)
        with self._changed:
            held_bytes = _sum_bytes(self._records)
        if held_bytes + waiting_bytes + byte_count > self._limits.bytes_max:
            raise JournalFull(f"the journal holds {held_bytes + waiting_bytes} undigested bytes")
        if waiting_bytes and waiting_bytes + byte_count > self._limits.waiting_bytes_max:
            raise JournalBusy(f"{waiting_bytes} bytes wait for the disk")

    def _sync(self) -> None:
        with self._changed:
            for meta, body, future in self._waiting:
                self._last_sequence += 1
                self._records.append(Record(self._last_sequence, meta, body))
                if not future.done():
                    future.set_result(self._last_sequence)
            self._waiting.clear()
            self._changed.notify_all()


def _record_bytes(meta: RecordMeta, body: bytes) -> int:
    return len(write_meta(meta)) + len(body)


def _sum_bytes(records: Sequence[Record] | deque[Record]) -> int:
    return sum(_record_bytes(record.meta, record.body) for record in records)
