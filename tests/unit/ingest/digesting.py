"""A digester over fakes that pass their contract suites, and what can be seen of its work."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_blobs import MemoryBlobs
from tests.fakes.memory_telemetry import MemoryTelemetry
from vedette.app.first_start import ensure_first_project
from vedette.base.ids import RandomIds
from vedette.ingest.digester import Digester, DigestTools
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.quarantine import Quarantine
from vedette.ingest.release_watch import ReleaseWatch
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.question import Dataset, Field, OutcomeQuestion, RowQuestion, TimeRange
from vedette.model.record import RecordKind, RecordMeta
from vedette.native import Decoder
from vedette.storage.blobs.port import Blobs
from vedette.storage.journal.memory import MemoryJournal
from vedette.storage.journal.port import JournalLimits

SEEN_WITHIN_S = 20.0
_DAY_NS = 86_400 * 1_000_000_000


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it does not come to be."""
    deadline_s = time.monotonic() + SEEN_WITHIN_S
    while not is_so():
        assert time.monotonic() < deadline_s, "it did not come to be in time"
        time.sleep(0.005)


def roomy_journal() -> MemoryJournal:
    """Return a journal that refuses nothing."""
    return MemoryJournal(
        JournalLimits(bytes_max=10**9, disk_free_bytes_min=0, waiting_bytes_max=10**9)
    )


@dataclass
class Stores:
    """What outlives a digester: each test swaps the part that shall fail."""

    clock: HandClock = field(default_factory=HandClock)
    metadata: FreshMetadata = field(default_factory=FreshMetadata)
    journal: MemoryJournal = field(default_factory=roomy_journal)
    telemetry: MemoryTelemetry = field(default_factory=MemoryTelemetry)
    blobs: Blobs = field(default_factory=MemoryBlobs)

    def __post_init__(self) -> None:
        first = ensure_first_project(self.metadata, self.clock, RandomIds())
        self.project_id, self.key_id = first.project.project_id, first.key.key_id
        self.quarantine = Quarantine(self.blobs)

    def lose_metadata(self) -> None:
        """Begin with empty metadata, beside all that the other stores hold."""
        self.metadata = FreshMetadata()
        _ = ensure_first_project(self.metadata, self.clock, RandomIds())

    def digester(self) -> Digester:
        """Return one that is not started."""
        keys = KeyRing(self.metadata, self.clock)
        keys.refresh()
        columns = (SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS)
        return Digester(
            DigestTools(
                journal=self.journal,
                ledger=self.metadata,
                telemetry=self.telemetry,
                keys=keys,
                decoder=Decoder(*columns, past_ns_max=30 * _DAY_NS, future_ns_max=_DAY_NS),
                quarantine=self.quarantine,
                releases=ReleaseWatch(self.metadata, self.clock),
                unpacked_bytes_max=1_000_000,
                keep_blob=self.blobs.put,
            )
        )

    def take_in(self, *event_ids: str) -> None:
        """Write an envelope with an error event into the journal for each id."""
        asyncio.run(self._append(event_ids))

    async def _append(self, event_ids: tuple[str, ...]) -> None:
        meta = RecordMeta(RecordKind.ENVELOPE, self.project_id, self.key_id, self.clock.now_ns())
        for event_id in event_ids:
            await self.journal.append(meta, envelope_of(event_id))

    def event_ids(self) -> list[str]:
        """Return the ids of all errors that are kept, each as often as it is."""
        answer = self.telemetry.rows(
            RowQuestion(
                dataset=Dataset.ERRORS,
                project_ids=(self.project_id,),
                time_range=self._always(),
                selected=(Field("id"),),
            )
        )
        return sorted(str(each) for each in answer.columns[0])

    def outcomes(self) -> dict[tuple[str, str], int]:
        """Return the sums of what became of errors, by outcome and reason."""
        answer = self.telemetry.outcomes(
            OutcomeQuestion((self.project_id,), self._always(), ("outcome", "reason"))
        )
        return {
            (str(row["outcome"]), str(row["reason"])): int(str(row["quantity"]))
            for row in answer.rows()
        }

    def undigested_count(self) -> int:
        """Return how many records the journal holds that are not digested."""
        journal_id = self.journal.journal_id
        done = self.metadata.finished_up_to(journal_id)
        return self.journal.lag(after_sequence=done).record_count

    def _always(self) -> TimeRange:
        return TimeRange(0, self.clock.now_ns() + _DAY_NS)


def envelope_of(event_id: str) -> bytes:
    """Return an envelope with one error event."""
    lines = [{"event_id": event_id}, {"type": "event"}, {"event_id": event_id, "message": "broken"}]
    return b"\n".join(json.dumps(each).encode() for each in lines)
