"""Batches from the journal to the stores: once each, through crashes, outages and refusals."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from typing_extensions import override

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.memory_blobs import MemoryBlobs
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.unit.ingest.digesting import Stores, wait_until
from vedette.ingest.digester import Digester
from vedette.ingest.quarantine import Quarantine, Restored
from vedette.model.block import Block
from vedette.model.digest_range import DigestRange
from vedette.model.issue import Decision
from vedette.model.record import Record
from vedette.model.sighting import GroupSeen
from vedette.storage.blobs.port import BlobUnreachable
from vedette.storage.journal.memory import MemoryJournal
from vedette.storage.journal.notes import behind
from vedette.storage.journal.port import JournalError, JournalLimits
from vedette.storage.metadata.issue_intake_port import DecideOnSighting
from vedette.storage.telemetry.port import StoreRefused, StoreUnreachable

ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32


class LedgerOfADyingProcess(FreshMetadata):
    """Plans, but the process is gone before it can write down that a batch is stored."""

    is_dying = True

    @override
    def finish_with_issues(
        self,
        journal_id: str,
        finished: DigestRange,
        groups: Sequence[GroupSeen],
        decide: DecideOnSighting,
    ) -> Sequence[Decision]:
        if self.is_dying:
            raise RuntimeError("gone")
        return super().finish_with_issues(journal_id, finished, groups, decide)


class TelemetryWithWeather(MemoryTelemetry):
    """A store that is away, or refuses the rows of one table, for as long as the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = False
        self.refused_table = ""
        self.may_put = threading.Event()
        self.may_put.set()
        self.is_putting = threading.Event()

    @override
    def put(self, blocks: Sequence[Block], *, token: str) -> None:
        self.is_putting.set()
        self.may_put.wait(20)
        if self.is_away:
            raise StoreUnreachable("the engine is away")
        if any(each.table == self.refused_table for each in blocks):
            raise StoreRefused("no such column")
        super().put(blocks, token=token)


class BlobsThatAreAwayOnce(MemoryBlobs):
    """Refuses the first put."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals_left = 1

    @override
    def put(self, key: str, data: bytes) -> None:
        if self.refusals_left:
            self.refusals_left -= 1
            raise BlobUnreachable("the bucket is away")
        super().put(key, data)


class JournalThatBreaks(MemoryJournal):
    """Gives its records once; the next time it is asked, the reading thread dies of it."""

    def __init__(self) -> None:
        super().__init__(JournalLimits(10**9, disk_free_bytes_min=0, waiting_bytes_max=10**9))

    @override
    def read(
        self, *, after_sequence: int, record_count_max: int, byte_count_max: int, wait_s: float
    ) -> Sequence[Record]:
        if after_sequence:
            raise RuntimeError("cannot be read")
        return super().read(
            after_sequence=after_sequence,
            record_count_max=record_count_max,
            byte_count_max=byte_count_max,
            wait_s=wait_s,
        )


class JournalThatKeepsAll(MemoryJournal):
    """Like the one on disk, whose segment stays until it is full of digested records."""

    def __init__(self) -> None:
        super().__init__(JournalLimits(10**9, disk_free_bytes_min=0, waiting_bytes_max=10**9))

    @override
    def forget(self, *, up_to_sequence: int) -> None:
        self._progress = behind(self._progress, up_to_sequence)


class JournalOnATiredDisk(MemoryJournal):
    """Cannot be read, and forgets nothing, until the test says so."""

    def __init__(self) -> None:
        super().__init__(JournalLimits(10**9, disk_free_bytes_min=0, waiting_bytes_max=10**9))
        self.is_tired = True

    @override
    def read(
        self, *, after_sequence: int, record_count_max: int, byte_count_max: int, wait_s: float
    ) -> Sequence[Record]:
        if self.is_tired:
            raise JournalError("the disk does not answer")
        return super().read(
            after_sequence=after_sequence,
            record_count_max=record_count_max,
            byte_count_max=byte_count_max,
            wait_s=wait_s,
        )


@pytest.fixture
def running() -> Iterator[list[Digester]]:
    started: list[Digester] = []
    yield started
    for each in started:
        each.stop(wait_s=5.0)


def start(stores: Stores, running: list[Digester]) -> Digester:
    digester = stores.digester()
    running.append(digester)
    digester.start()
    return digester


def test_what_was_taken_in_is_stored_once_and_leaves_the_journal(running: list[Digester]) -> None:
    stores = Stores()
    stores.take_in(ONE, TWO)

    digester = start(stores, running)
    wait_until(lambda: digester.finished_up_to == 2)
    stores.take_in(THREE)
    wait_until(lambda: digester.finished_up_to == 3)

    assert stores.event_ids() == [ONE, TWO, THREE]
    assert stores.outcomes() == {("accepted", ""): 3}
    assert stores.journal.lag(after_sequence=0).record_count == 0
    assert stores.metadata.open_ranges(stores.journal.journal_id) == []


def test_a_batch_that_a_crash_left_open_is_digested_as_it_was_planned(
    running: list[Digester],
) -> None:
    dying = LedgerOfADyingProcess()
    stores = Stores(metadata=dying)
    stores.take_in(ONE, TWO)
    first = start(stores, running)
    wait_until(lambda: first.trouble is not None)
    dying.is_dying = False
    stores.take_in(THREE)

    second = start(stores, running)
    wait_until(lambda: second.finished_up_to == 3)

    assert stores.event_ids() == [ONE, TWO, THREE]
    assert stores.outcomes() == {("accepted", ""): 3}


def test_an_event_that_is_sent_again_is_kept_once_and_accounted_for(
    running: list[Digester],
) -> None:
    stores = Stores()
    stores.take_in(ONE, ONE)
    digester = start(stores, running)
    wait_until(lambda: digester.finished_up_to == 2)

    stores.take_in(ONE)
    wait_until(lambda: digester.finished_up_to == 3)

    assert stores.event_ids() == [ONE]
    assert stores.outcomes() == {("accepted", ""): 1, ("invalid", "duplicate"): 2}


def test_a_repeat_is_known_while_its_first_is_still_on_the_way_to_the_store(
    running: list[Digester],
) -> None:
    telemetry = TelemetryWithWeather()
    telemetry.may_put.clear()
    stores = Stores(telemetry=telemetry)
    stores.take_in(ONE)
    digester = start(stores, running)
    assert telemetry.is_putting.wait(20)

    stores.take_in(ONE)
    planned = DigestRange(2, 2)
    wait_until(lambda: planned in stores.metadata.open_ranges(stores.journal.journal_id))
    telemetry.may_put.set()
    wait_until(lambda: digester.finished_up_to == 2)

    assert stores.event_ids() == [ONE]


def test_a_store_that_is_away_is_asked_until_it_is_back(running: list[Digester]) -> None:
    telemetry = TelemetryWithWeather()
    telemetry.is_away = True
    stores = Stores(telemetry=telemetry)
    stores.take_in(ONE)
    digester = start(stores, running)
    wait_until(lambda: digester.trouble == "the engine is away")
    assert stores.undigested_count() == 1

    telemetry.is_away = False
    wait_until(lambda: digester.finished_up_to == 1)

    assert digester.trouble is None
    assert stores.event_ids() == [ONE]


def test_a_journal_whose_disk_does_not_answer_is_asked_until_it_does(
    running: list[Digester],
) -> None:
    journal = JournalOnATiredDisk()
    stores = Stores(journal=journal)
    stores.take_in(ONE)
    digester = start(stores, running)
    wait_until(lambda: digester.trouble == "the disk does not answer")

    journal.is_tired = False
    wait_until(lambda: digester.finished_up_to == 1)

    assert digester.trouble is None
    assert stores.event_ids() == [ONE]


def test_rows_that_the_store_refuses_are_kept_aside_and_hold_nothing_up(
    running: list[Digester],
) -> None:
    telemetry = TelemetryWithWeather()
    telemetry.refused_table = "errors"
    stores = Stores(telemetry=telemetry)
    stores.take_in(ONE)

    digester = start(stores, running)
    wait_until(lambda: digester.finished_up_to == 1)

    kept = {each.key for each in stores.blobs.list("quarantine/")}
    name = f"quarantine/{stores.journal.journal_id}/1-1/errors-0"
    assert kept == {f"{name}.native", f"{name}.json"}
    assert stores.quarantine.row_count == 1
    assert stores.quarantine.last_reason == "errors: no such column"


def test_refused_rows_are_found_again_and_restored_once_the_store_takes_them(
    running: list[Digester],
) -> None:
    telemetry = TelemetryWithWeather()
    telemetry.refused_table = "errors"
    stores = Stores(telemetry=telemetry)
    stores.take_in(ONE, TWO)
    digester = start(stores, running)
    wait_until(lambda: digester.finished_up_to == 2)

    later = Quarantine(stores.blobs)
    later.look()
    assert [(each.table, each.row_count, each.why) for each in later.kept()] == [
        ("errors", 2, "no such column")
    ]
    still = later.restore(telemetry)
    assert (still.block_count, still.left_count) == (0, 1)
    assert still.refused_again == (later.kept()[0].name,)

    telemetry.refused_table = ""
    copy = [(each.key, stores.blobs.get(each.key)) for each in stores.blobs.list("quarantine/")]
    assert later.restore(telemetry) == Restored(1, 2, (), 0)
    assert stores.event_ids() == [ONE, TWO]
    assert list(stores.blobs.list("quarantine/")) == []
    assert later.restore(telemetry) == Restored(0, 0, (), 0)

    # As if the process had ended before it could take the files away.
    for key, data in copy:
        stores.blobs.put(key, data)
    again = Quarantine(stores.blobs)
    again.look()
    again.restore(telemetry)
    assert stores.event_ids() == [ONE, TWO]
    assert again.summary() == ""


def test_refused_rows_wait_for_the_place_where_they_are_kept(running: list[Digester]) -> None:
    telemetry = TelemetryWithWeather()
    telemetry.refused_table = "errors"
    stores = Stores(telemetry=telemetry, blobs=BlobsThatAreAwayOnce())
    stores.take_in(ONE)

    digester = start(stores, running)
    wait_until(lambda: digester.finished_up_to == 1)

    assert digester.trouble is None
    assert stores.quarantine.row_count == 1


def test_nothing_is_digested_while_it_is_paused(running: list[Digester]) -> None:
    stores = Stores()
    digester = stores.digester()
    digester.pause()
    running.append(digester)
    digester.start()
    stores.take_in(ONE)

    assert digester.is_paused
    assert stores.event_ids() == []
    assert stores.metadata.open_ranges(stores.journal.journal_id) == []

    digester.resume()
    wait_until(lambda: digester.finished_up_to == 1)

    assert stores.event_ids() == [ONE]


@pytest.mark.parametrize("is_paused", [False, True])
def test_stopping_digests_what_waits(*, is_paused: bool) -> None:
    stores = Stores()
    digester = stores.digester()
    if is_paused:
        digester.pause()
    stores.take_in(ONE, TWO)
    digester.start()

    assert digester.stop(wait_s=20.0)
    assert stores.event_ids() == [ONE, TWO]


def test_stopping_does_not_wait_for_a_store_that_is_away() -> None:
    telemetry = TelemetryWithWeather()
    telemetry.is_away = True
    stores = Stores(telemetry=telemetry)
    stores.take_in(ONE)
    digester = stores.digester()
    digester.start()
    wait_until(lambda: digester.trouble is not None)

    digester.stop(wait_s=5.0)

    assert stores.undigested_count() == 1
    assert stores.journal.lag(after_sequence=0).record_count == 1


def test_a_digester_that_ended_says_so_whatever_its_other_thread_still_finishes(
    running: list[Digester],
) -> None:
    telemetry = TelemetryWithWeather()
    telemetry.may_put.clear()
    stores = Stores(journal=JournalThatBreaks(), telemetry=telemetry)
    stores.take_in(ONE)
    digester = start(stores, running)
    wait_until(lambda: digester.trouble is not None)

    telemetry.may_put.set()
    wait_until(lambda: digester.finished_up_to == 1)

    assert digester.trouble is not None
    assert "cannot be read" in digester.trouble


def test_a_journal_that_lost_records_numbers_behind_what_was_planned(
    running: list[Digester],
) -> None:
    stores = Stores()
    journal_id = stores.journal.journal_id
    for planned in (DigestRange(1, 5), DigestRange(6, 9)):
        stores.metadata.plan(journal_id, planned)
    stores.metadata.finish(journal_id, DigestRange(1, 5))

    digester = start(stores, running)
    stores.take_in(ONE)
    wait_until(lambda: digester.finished_up_to == 10)

    assert stores.event_ids() == [ONE]


@pytest.mark.parametrize("copy_knows", [0, 1, 2])
def test_what_was_digested_is_not_stored_again_when_the_metadata_are_lost(
    running: list[Digester], copy_knows: int
) -> None:
    stores = Stores(journal=JournalThatKeepsAll())
    for each in (ONE, TWO):
        stores.take_in(each)
        before = start(stores, running)
        assert before.stop(wait_s=20.0)
    stores.lose_metadata()
    for sequence in range(1, copy_knows + 1):  # an older copy is put back
        stores.metadata.plan(stores.journal.journal_id, DigestRange(sequence, sequence))
        stores.metadata.finish(stores.journal.journal_id, DigestRange(sequence, sequence))

    stores.take_in(THREE)
    after = start(stores, running)
    wait_until(lambda: after.finished_up_to == 3)

    assert stores.event_ids() == [ONE, TWO, THREE]
    assert stores.outcomes() == {("accepted", ""): 3}


def test_a_batch_that_was_half_stored_keeps_its_bounds_when_the_metadata_are_lost(
    running: list[Digester],
) -> None:
    stores = Stores(metadata=LedgerOfADyingProcess())
    stores.take_in(ONE, TWO)
    first = start(stores, running)
    wait_until(lambda: first.trouble is not None)
    assert stores.event_ids() == [ONE, TWO]
    stores.lose_metadata()

    stores.take_in(THREE)
    second = start(stores, running)
    wait_until(lambda: second.finished_up_to == 3)

    assert stores.event_ids() == [ONE, TWO, THREE]
    assert stores.outcomes() == {("accepted", ""): 3}
