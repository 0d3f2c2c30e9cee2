"""From the journal to the stores, in batches, each of them exactly once.

A batch is a journal range. It is planned in the ledger before anything of it is stored, and
finished after every store has it; each block is put under a token made of the range. So a crash at
any moment is mended by digesting the open ranges again: what was stored is recognised, the rest
added.

Two threads: one reads and decodes the next batch while the other stores the last one.
"""

import functools
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from vedette.ingest.batch import digest_batch
from vedette.ingest.door_load import DoorLoad
from vedette.ingest.grouping_book import GroupingBook
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.line import LineContext, no_blob_store
from vedette.ingest.lost_ledger import take_the_journals_word
from vedette.ingest.quarantine import Quarantine
from vedette.ingest.recent_events import RecentEvents
from vedette.ingest.release_watch import ReleaseWatch
from vedette.issues.take_in import take_in_sightings
from vedette.model.block import Block
from vedette.model.digest_range import DigestRange
from vedette.model.record import Record
from vedette.model.source_map import (
    FindMap,
    NothingUploaded,
    OpenMap,
    ScriptQuestion,
    ScriptTrouble,
    nothing_uploaded,
)
from vedette.model.taken import Taken
from vedette.native import Decoder
from vedette.storage.blobs.port import BlobError
from vedette.storage.journal.port import Journal, JournalError
from vedette.storage.metadata.issue_intake_port import IssueIntake
from vedette.storage.metadata.port import DigestLedger, MetadataError
from vedette.storage.telemetry.port import StoreRefused, TelemetryError, TelemetryWriter

logger = logging.getLogger(__name__)
T = TypeVar("T")

BATCH_BYTES_MAX: Final = 40 * 1024 * 1024
"""Unpacked: about 60,000 spans. With less the engine pays more per row, with more memory grows."""

BATCH_RECORD_COUNT_MAX: Final = 20_000
PACE_S: Final = 0.2
"""The shortest time between batches when little comes in: each costs a part per table."""

READ_WAIT_S: Final = 0.5
BUSY_FROM: Final = 8
GIVE_WAY_S: Final = 0.001
"""Ten times what an event takes: the door has nine tenths of the interpreter then."""

LATE_AFTER_S: Final = 20.0
"""Beyond this lag the digester takes its half of the interpreter, whoever waits."""

LEAVE_S: Final = 1.0
"""How long stopping waits for each thread to finish the batch in its hand."""

RETRY_FIRST_S: Final = 0.2
RETRY_MOST_S: Final = 10.0
"""The pause before a store that was away is asked again: doubled each time, up to this."""


class BatchBook(DigestLedger, IssueIntake, Protocol):
    """What the metadata remembers of batches: how far they are, and the issues they made."""


@dataclass(frozen=True, slots=True)
class DigestTools:
    """What the digester works with."""

    journal: Journal
    ledger: BatchBook
    telemetry: TelemetryWriter
    keys: KeyRing
    decoder: Decoder
    quarantine: Quarantine
    releases: ReleaseWatch
    unpacked_bytes_max: int
    load: DoorLoad = field(default_factory=DoorLoad)
    """Of the door in the same process; nothing, if there is none."""
    find_map: FindMap = nothing_uploaded
    keep_blob: Callable[[str, bytes], None] = no_blob_store


@dataclass(frozen=True, slots=True)
class _Batch:
    planned: DigestRange
    taken: Taken


class Digester:
    """Runs on two threads of its own between `start` and `stop`."""

    def __init__(self, tools: DigestTools) -> None:
        self._tools = tools
        self._stopping = threading.Event()
        self._leaving = threading.Event()
        self._paused = threading.Event()
        self._ready: queue.Queue[_Batch | None] = queue.Queue(maxsize=1)
        self._recent = RecentEvents()
        self._grouping = GroupingBook()
        self._read_ahead: Sequence[Record] = ()
        self._reader = threading.Thread(
            target=self._guard, args=(self._read_all,), name="digest-read"
        )
        self._storer = threading.Thread(
            target=self._guard, args=(self._store_all,), name="digest-store"
        )
        take_the_journals_word(tools.journal, tools.ledger)
        self.finished_up_to = tools.ledger.finished_up_to(tools.journal.journal_id)
        open_ranges = tools.ledger.open_ranges(tools.journal.journal_id)
        planned_up_to = open_ranges[-1].last_sequence if open_ranges else self.finished_up_to
        tools.journal.number_behind(planned_up_to)
        # One place for each thread: when one gets on again, the other may still be waiting.
        self._waits_for: dict[str, str | None] = {
            self._reader.name: None,
            self._storer.name: None,
        }
        self._why_ended: str | None = None

    def start(self) -> None:
        """Begin, with the ranges that a crash left open."""
        # The storer first: the reader hands nothing to a thread that is not there.
        self._storer.start()
        self._reader.start()

    def stop(self, *, wait_s: float) -> bool:
        """Digest what is in the journal, then end; false if the time did not suffice.

        What is left is digested at the next start.
        """
        self._stopping.set()
        self._paused.clear()
        self._reader.join(wait_s)
        # Time is up for what waits in the journal; the batch in hand is still finished.
        self._leaving.set()
        self._reader.join(LEAVE_S)
        self._storer.join(LEAVE_S)
        return not (self._reader.is_alive() or self._storer.is_alive())

    def pause(self) -> None:
        """Take no new batch (for maintenance and to watch the lag grow)."""
        self._paused.set()

    def resume(self) -> None:
        """Go on."""
        self._paused.clear()

    @property
    def is_paused(self) -> bool:
        """Whether somebody has paused it."""
        return self._paused.is_set()

    @property
    def trouble(self) -> str | None:
        """Why nothing moves at this moment; None when all is well."""
        waiting = (each for each in self._waits_for.values() if each is not None)
        return self._why_ended or next(waiting, None)

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # the thread's outermost edge: it must be seen that it ended
            self._why_ended = self._why_ended or f"the digester ended: {error!r}"
            logger.exception("the digester ended")
            self._stopping.set()
        finally:
            if threading.current_thread() is self._reader:
                self._hand_over(None)

    # -- first thread ---------------------------------------------------------------------------

    def _read_all(self) -> None:
        journal_id = self._tools.journal.journal_id
        position = self._tools.ledger.finished_up_to(journal_id)
        for left_open in self._tools.ledger.open_ranges(journal_id):
            records: Sequence[Record] = self._records_of(left_open)
            self._hand_over(self._decode(records, left_open))
            position = left_open.last_sequence
        while not self._leaving.is_set():
            if self._paused.is_set() and not self._stopping.is_set():
                self._stopping.wait(READ_WAIT_S)
                continue
            records = self._next_records(position)
            if not records:
                if self._stopping.is_set():
                    break
                continue
            if self._paused.is_set():
                # It was read while the pause began: it waits with the others.
                self._read_ahead = (*records, *self._read_ahead)
                continue
            planned = DigestRange(position + 1, records[-1].sequence)
            # The journal's note first: what the ledger has, the journal has too.
            self._until_done(functools.partial(self._tools.journal.note_plan, planned))
            self._until_done(functools.partial(self._tools.ledger.plan, journal_id, planned))
            self._hand_over(self._decode(records, planned))
            position = planned.last_sequence

    def _next_records(self, position: int) -> Sequence[Record]:
        """Return the records of the next batch; when few wait, a little later, so they are more."""
        if not self._read_ahead:
            is_stopping = self._stopping.is_set()
            self._read_ahead = self._read_after(position, 0.0 if is_stopping else READ_WAIT_S)
            is_small = sum(map(_weight, self._read_ahead)) < BATCH_BYTES_MAX // 4
            if self._read_ahead and is_small and not is_stopping:
                self._stopping.wait(PACE_S)
                self._read_ahead = self._read_after(position, 0.0)
        batch, self._read_ahead = _split_by_weight(self._read_ahead)
        return batch

    def _read_after(self, position: int, wait_s: float) -> Sequence[Record]:
        return self._until_done(
            lambda: self._tools.journal.read(
                after_sequence=position,
                record_count_max=BATCH_RECORD_COUNT_MAX,
                byte_count_max=BATCH_BYTES_MAX,
                wait_s=wait_s,
            )
        )

    def _records_of(self, planned: DigestRange) -> list[Record]:
        """Return exactly the records of a range that was planned before."""
        records: list[Record] = []
        position = planned.first_sequence - 1
        while position < planned.last_sequence:
            found = [
                each
                for each in self._read_after(position, 0.0)
                if each.sequence <= planned.last_sequence
            ]
            if not found:
                break
            records += found
            position = found[-1].sequence
        return records

    def _decode(self, records: Sequence[Record], planned: DigestRange) -> _Batch:
        ring = self._tools.keys.ring
        context = LineContext(
            decoder=self._tools.decoder,
            project_by_id=ring.project_by_id,
            known_event_ids=self._known_event_ids,
            first_sequence=planned.first_sequence,
            give_way=self._give_way,
            rules_by_project=ring.rules_by_project,
            grouping=self._grouping,
            discarded_by_project=ring.discarded_by_project,
            find_map=self._find_map,
            keep_blob=self._keep_blob,
        )
        limit = self._tools.unpacked_bytes_max
        taken = digest_batch(records, context, unpacked_bytes_max=limit)
        return _Batch(planned, taken)

    def _find_map(self, question: ScriptQuestion) -> OpenMap | ScriptTrouble | NothingUploaded:
        return self._until_done(lambda: self._tools.find_map(question))

    def _keep_blob(self, key: str, data: bytes) -> None:
        self._until_done(lambda: self._tools.keep_blob(key, data))

    def _known_event_ids(
        self, project_id: int, event_ids: Sequence[str], before_sequence: int
    ) -> frozenset[str]:
        stored = self._until_done(
            lambda: self._tools.telemetry.known_event_ids(
                project_id=project_id, event_ids=event_ids, before_sequence=before_sequence
            )
        )
        # The batch before this one may still be on its way to the store.
        in_flight = self._recent.seen(project_id, event_ids, before_sequence)
        self._recent.add(project_id, event_ids, before_sequence)
        return stored | in_flight

    def _give_way(self) -> None:
        """Let the door have the interpreter while many wait for it, unless we fall behind."""
        load = self._tools.load
        if load.in_hand > BUSY_FROM and load.lag_s < LATE_AFTER_S:
            self._stopping.wait(GIVE_WAY_S)

    def _hand_over(self, batch: _Batch | None) -> None:
        while self._storer.is_alive():
            try:
                self._ready.put(batch, timeout=READ_WAIT_S)
            except queue.Full:
                continue
            return
        if batch is not None:
            raise RuntimeError("the storing thread has ended; the batch stays in the journal")

    # -- second thread --------------------------------------------------------------------------

    def _store_all(self) -> None:
        while (batch := self._ready.get()) is not None:
            self._store(batch)

    def _store(self, batch: _Batch) -> None:
        journal, planned, taken = self._tools.journal, batch.planned, batch.taken
        token = f"{journal.journal_id}:{planned.first_sequence}-{planned.last_sequence}"
        # Numbered by table, not by place in the batch: the order may differ between versions.
        for number, blocks in enumerate(_rounds(taken.blocks)):
            self._put(blocks, f"{token}:{number}", planned)
        self._until_done(lambda: self._tools.releases.see(taken.releases))
        # Issues come last, in one step with "finished": their counts must not count twice.
        book = self._tools.ledger
        self._until_done(
            lambda: take_in_sightings(book, journal.journal_id, planned, taken.sightings)
        )
        self.finished_up_to = planned.last_sequence
        self._until_done(functools.partial(journal.forget, up_to_sequence=planned.last_sequence))

    def _put(self, blocks: Sequence[Block], token: str, planned: DigestRange) -> None:
        try:
            # All at once: the disk is then waited for once.
            self._until_done(lambda: self._tools.telemetry.put(blocks, token=token))
        except StoreRefused:
            for block in blocks:
                self._until_done(functools.partial(self._put_or_keep, block, token, planned))

    def _put_or_keep(self, block: Block, token: str, planned: DigestRange) -> None:
        try:
            self._tools.telemetry.put([block], token=token)
        except StoreRefused as error:
            # A mistake of ours, not of the sender: the rows are kept aside until it is mended.
            logger.exception("the store refused rows of %s; they are kept aside", block.table)
            self._tools.quarantine.keep(block, token=token, planned=planned, why=str(error))

    def _until_done(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; a store that is away is waited for, nothing is given up."""
        me = threading.current_thread().name
        pause_s = RETRY_FIRST_S
        while True:
            try:
                done = work()
            except StoreRefused:
                raise
            except (JournalError, TelemetryError, MetadataError, BlobError) as error:
                self._waits_for[me] = str(error)
                logger.warning("a store does not answer, trying again: %s", error)
                if self._stopping.wait(pause_s):
                    raise
                pause_s = min(pause_s * 2, RETRY_MOST_S)
            else:
                self._waits_for[me] = None
                return done


def _rounds(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks in groups that hold each table once at most, each table's in order."""
    rounds: list[list[Block]] = []
    seen: Counter[str] = Counter()
    for block in blocks:
        if seen[block.table] == len(rounds):
            rounds.append([])
        rounds[seen[block.table]].append(block)
        seen[block.table] += 1
    return rounds


def _weight(record: Record) -> int:
    """Return about how many bytes a record takes when it is digested."""
    return max(len(record.body), record.meta.unpacked_bytes)


def _split_by_weight(records: Sequence[Record]) -> tuple[Sequence[Record], Sequence[Record]]:
    """Return as many records as make a batch (at least one, if there is one), and the rest."""
    total = 0
    for index, record in enumerate(records):
        total += _weight(record)
        if total > BATCH_BYTES_MAX and index:
            return records[:index], records[index:]
    return records, ()
