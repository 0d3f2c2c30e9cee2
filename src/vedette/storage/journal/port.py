"""The journal: what every accepted body is written to before its sender is answered.

JournalError
├── JournalFull        no room (bytes or free disk): try again later
├── JournalBusy        too much is waiting for the disk at this moment: try again soon
└── JournalClosed      the server is stopping
"""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.digest_range import DigestRange
from vedette.model.record import Record, RecordMeta


class JournalError(Exception):
    """The journal did not take or give a record."""


class JournalFull(JournalError):  # noqa: N818 - a state of the journal, not a mistake
    """There is no room: too many bytes are undigested, or the disk is near full."""


class JournalBusy(JournalError):  # noqa: N818 - a state of the journal, not a mistake
    """Too many bytes are waiting to be synced."""


class JournalClosed(JournalError):  # noqa: N818 - a state of the journal, not a mistake
    """The journal takes no more records."""


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """The bounds of a journal. How old a record may get is for the digester's watch to say."""

    bytes_max: int
    """All undigested records together."""
    disk_free_bytes_min: int
    """What must stay free on the disk."""
    waiting_bytes_max: int
    """What may wait for the next sync."""


@dataclass(frozen=True, slots=True)
class JournalProgress:
    """How far its reader was, in the journal's own words."""

    forgotten_up_to: int = 0
    """The last sequence that was forgotten; may be a few batches old after a crash."""
    planned: tuple[DigestRange, ...] = ()
    """Batches that were noted and not forgotten, oldest first."""


@dataclass(frozen=True, slots=True)
class JournalLag:
    """How far the digester is behind."""

    record_count: int
    byte_count: int
    oldest_received_ns: int | None
    """When the oldest undigested record was received; None when all are digested."""
    last_sequence: int
    """Sequence of the newest durable record; 0 when there never was one."""

    def age_s(self, now_ns: int) -> float:
        """Return how long the oldest undigested record has waited; 0 when all are digested."""
        if self.oldest_received_ns is None:
            return 0.0
        return max(0.0, (now_ns - self.oldest_received_ns) / NANOSECONDS_PER_SECOND)


class Journal(Protocol):
    """Records in the order in which they became durable, numbered 1, 2, 3, … without gaps."""

    @property
    def journal_id(self) -> str:
        """32 hex digits, made when the journal was: its sequences mean nothing in another one."""
        ...

    def append(self, meta: RecordMeta, body: bytes) -> Awaitable[int]:
        """Take a record; the awaited result is its sequence, after it is synced to disk.

        Must be called on the event loop's thread.

        Raises:
            JournalError: The record was not taken, at once or while awaited. It may then still
                come back from `read` if the disk failed in mid-write: never acknowledged, so
                whoever sends it again may see it twice.
        """
        ...

    def read(
        self, *, after_sequence: int, record_count_max: int, byte_count_max: int, wait_s: float
    ) -> Sequence[Record]:
        """Return durable records that follow `after_sequence`, oldest first.

        Blocks up to `wait_s` until there is one; empty when there is none. Ends before
        `byte_count_max` is passed, but always gives at least one record. May be called from any
        thread but the event loop's. A record that cannot be read (damaged on disk) is left out,
        and reported once in `damage`.

        Raises:
            JournalError: The disk does not answer.
        """
        ...

    def forget(self, *, up_to_sequence: int) -> None:
        """Allow the deletion of every record up to this one: they are digested.

        Raises:
            JournalError: The disk does not answer.
        """
        ...

    def note_plan(self, planned: DigestRange) -> None:
        """Keep, durably, that this range is digested as one batch from now on.

        The ledger keeps it too; this is what is left to go by when the ledger was lost.

        Raises:
            JournalError: The disk does not answer.
        """
        ...

    def progress(self) -> JournalProgress:
        """Return what is kept of notes and forgetting: nothing if that was never or is damaged."""
        ...

    def number_behind(self, sequence: int) -> None:
        """Give no number up to this one to a record: whoever reads has done with these.

        To be called before the first record is taken. A journal ends before that when files of it
        were lost, and records that got the old numbers again would never be read.
        """
        ...

    def lag(self, *, after_sequence: int) -> JournalLag:
        """Tell what lies after `after_sequence`.

        Raises:
            JournalError: The disk does not answer.
        """
        ...

    def trouble(self) -> str | None:
        """Say why no record would be taken at this moment; None when one would. Never blocks."""
        ...

    def damage(self) -> Sequence[str]:
        """Return a sentence for each damage found since the journal was opened."""
        ...

    def close(self) -> None:
        """Sync what was taken, then refuse everything. May be called twice."""
        ...
