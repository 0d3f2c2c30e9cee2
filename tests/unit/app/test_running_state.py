"""What the server says of itself: why it is not ready, how far it is behind, what was dropped."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typing_extensions import override

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_blobs import MemoryBlobs
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.unit.ingest.digesting import wait_until
from vedette.app.data_folder import prepare_folder
from vedette.app.first_start import ensure_first_project
from vedette.app.health import CHECKS_S_MAX, STALLED_AFTER_S, Health
from vedette.app.housekeeping import Housekeeping, KeptFiles
from vedette.app.running_state import RunningState
from vedette.app.settings import Settings
from vedette.app.stores import Stores
from vedette.base.ids import RandomIds
from vedette.ingest.digester import Digester, DigestTools
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.quarantine import Quarantine
from vedette.ingest.release_watch import ReleaseWatch
from vedette.model.block import Block
from vedette.model.digest_range import DigestRange
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.record import RecordKind, RecordMeta
from vedette.native import Decoder
from vedette.storage.attachment_desk import AttachmentDesk
from vedette.storage.journal.local import LocalJournal
from vedette.storage.journal.port import JournalLimits
from vedette.storage.metadata.port import MetadataUnreachable
from vedette.storage.telemetry.tables.outcomes import OUTCOMES


class MetadataWithWeather(FreshMetadata):
    """A database that can be away, or hang until it is let go."""

    is_away = False

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()
        self.may_answer.set()

    @override
    def check(self) -> None:
        self.may_answer.wait(20)
        if self.is_away:
            raise MetadataUnreachable("the database is away")
        super().check()


@dataclass
class Told:
    """A state, and the parts whose state it tells."""

    state: RunningState
    clock: HandClock
    stores: Stores
    metadata: MetadataWithWeather
    telemetry: MemoryTelemetry
    journal: LocalJournal
    digester: Digester

    def problems(self) -> dict[str, str]:
        return {each.name: each.text for each in self.state.problems()}

    def take_in(self) -> None:
        """Write a record that nobody digests: the digester does not run here."""

        async def append() -> None:
            await self.journal.append(
                RecordMeta(RecordKind.STORE, 1, 1, self.clock.now_ns()), b"no event"
            )

        asyncio.run(append())


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    clock, metadata, telemetry = HandClock(), MetadataWithWeather(), MemoryTelemetry()
    ensure_first_project(metadata, clock, RandomIds())
    settings = Settings(data=str(tmp_path), disk_free_bytes_min=0)
    folder = prepare_folder(settings.data)
    limits = JournalLimits(bytes_max=10**9, disk_free_bytes_min=0, waiting_bytes_max=10**9)
    journal = LocalJournal.open(folder.journal, limits)
    blobs = MemoryBlobs()
    quarantine = Quarantine(blobs)
    digester = Digester(
        DigestTools(
            journal=journal,
            ledger=metadata,
            telemetry=telemetry,
            keys=KeyRing(metadata, clock),
            decoder=Decoder(SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS, 10**18, 10**18),
            quarantine=quarantine,
            releases=ReleaseWatch(metadata, clock),
            unpacked_bytes_max=1_000_000,
        )
    )
    stores = Stores(metadata, telemetry, blobs, journal)
    state = RunningState(
        settings=settings,
        folder=folder,
        stores=stores,
        digester=digester,
        health=Health(settings, stores, digester, quarantine, clock),
        housekeeping=Housekeeping(
            telemetry,
            metadata,
            KeptFiles(AttachmentDesk(blobs, telemetry)),
            settings,
            tmp_path,
            clock,
        ),
        quarantine=quarantine,
        clock=clock,
        started_ns=clock.now_ns(),
        url="http://127.0.0.1:9000",
    )
    yield Told(state, clock, stores, metadata, telemetry, journal, digester)
    journal.close()


def test_a_server_that_keeps_up_is_ready(told: Told) -> None:
    told.take_in()

    assert told.problems() == {}
    assert told.state.status()["ready"] is True


def test_a_store_that_is_away_is_named(told: Told) -> None:
    told.metadata.is_away = True
    told.telemetry.close()

    assert told.problems() == {
        "metadata": "the database is away",
        "telemetry": "the telemetry is closed",
    }


def test_a_paused_digester_is_told_with_what_waits(told: Told) -> None:
    told.take_in()
    told.digester.pause()

    assert told.problems() == {"digester": "paused, 1 records are waiting"}


def test_a_digester_that_lags_is_told(told: Told) -> None:
    told.take_in()
    told.clock.move(STALLED_AFTER_S + 1)

    assert told.problems() == {"digester": "behind by 11 s, 1 records"}


def test_what_holds_the_digester_up_is_told_even_when_it_is_paused(told: Told) -> None:
    told.take_in()
    told.telemetry.close()
    told.digester.start()
    wait_until(lambda: told.digester.trouble is not None)
    told.digester.pause()

    assert told.problems()["digester"] == "the telemetry is closed"

    told.digester.stop(wait_s=5.0)


def test_a_short_disk_is_told(told: Told) -> None:
    settings = replace(told.state.settings, disk_free_bytes_min=2**62)
    quarantine = told.state.quarantine
    short = Health(settings, told.stores, told.digester, quarantine, told.clock)

    (problem,) = short.problems()

    assert problem.name == "disk"
    assert "nothing is taken in" in problem.text


def test_a_store_that_hangs_is_told_in_time_and_asked_once(told: Told) -> None:
    told.metadata.may_answer.clear()
    thread_count = threading.active_count()

    for _ in range(3):
        assert told.problems() == {"metadata": f"no answer within {CHECKS_S_MAX} s"}
    assert told.state.status()["ready"] is False
    assert threading.active_count() - thread_count <= 4, "a thread for each thing that is asked"

    told.metadata.may_answer.set()
    wait_until(lambda: told.problems() == {})


def test_a_journal_that_cannot_write_is_told(told: Told) -> None:
    told.journal.close()

    assert told.problems() == {"journal": "nothing is taken in: the journal is closed"}


def test_a_journal_whose_disk_fails_leaves_the_rest_of_the_status(told: Told) -> None:
    told.take_in()
    told.take_in()
    told.journal.close()
    shutil.rmtree(told.state.folder.journal)

    status, text = told.state.status(), told.state.metrics_text()

    assert status["ready"] is False
    assert "does not answer" in told.problems()["journal"]
    journal = status["journal"]
    assert isinstance(journal, dict)
    assert journal["lag_records"] is None
    assert "vedette_journal_lag" not in text
    assert "vedette_ready 0\n" in text


def test_refused_rows_are_told_and_the_server_is_ready_all_the_same(told: Told) -> None:
    quarantine = told.state.quarantine
    block = Block("errors", b"rows", 3)
    quarantine.keep(block, token="j:1-2:0", planned=DigestRange(1, 2), why="no such column x")

    assert told.problems() == {
        "quarantine": (
            "the store refused 3 accepted rows (errors); they are kept aside: see"
            " `vedette quarantine list`, then `vedette quarantine restore`"
        )
    }
    assert told.state.status()["ready"] is True
    assert "vedette_quarantined_rows 3\n" in told.state.metrics_text()
    assert told.state.quarantined() == [
        {
            "name": "quarantine/j/1-2/errors-0",
            "table": "errors",
            "rows": 3,
            "token": "j:1-2:0",
            "why": "no such column x",
        }
    ]


def test_the_status_shows_how_far_the_digester_is_behind(told: Told) -> None:
    told.take_in()
    told.take_in()
    told.clock.move(3)

    journal = told.state.status()["journal"]

    assert isinstance(journal, dict)
    assert journal["lag_records"] == 2
    assert journal["lag_seconds"] == 3.0
    assert journal["last_sequence"] == 2
    assert journal["finished_up_to"] == 0


def test_the_status_shows_what_became_of_what_came_in_lately(told: Told) -> None:
    now_s = told.clock.now_ns() // 10**9
    told.telemetry.put([_outcomes(now_s - 60, 7)], token="lately")
    told.telemetry.put([_outcomes(now_s - 3_600, 5)], token="an hour ago")

    assert told.state.status()["outcomes"] == [
        {"category": "error", "outcome": "accepted", "reason": "", "quantity": 7}
    ]


def test_the_figures_can_be_read_by_prometheus(told: Told) -> None:
    told.take_in()
    told.clock.move(5)

    text = told.state.metrics_text()

    assert "# TYPE vedette_journal_lag_records gauge\nvedette_journal_lag_records 1\n" in text
    assert "vedette_up_seconds 5.0\n" in text
    assert "vedette_ready 1\n" in text
    assert all(line.startswith("#") or len(line.split(" ")) == 2 for line in text.splitlines())


def _outcomes(minute_s: int, quantity: int) -> Block:
    return OUTCOMES.pack(
        [
            {
                "project_id": 1,
                "key_id": 1,
                "minute": minute_s,
                "category": "error",
                "outcome": "accepted",
                "reason": "",
                "quantity": quantity,
            }
        ]
    )
