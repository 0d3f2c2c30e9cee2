"""What every journal promises."""

import asyncio
from dataclasses import replace

import msgspec
import pytest

from tests.contract.journal.conftest import LIMITS, MEBIBYTE, META, Opener
from vedette.model.digest_range import DigestRange
from vedette.model.record import Record
from vedette.storage.journal.port import (
    Journal,
    JournalBusy,
    JournalClosed,
    JournalFull,
    JournalLag,
    JournalProgress,
)

ALL = 1_000_000
KILOBYTE = b"k" * 1_000


def read(journal: Journal, after: int = 0, *, wait_s: float = 0.0) -> list[Record]:
    return list(
        journal.read(
            after_sequence=after, record_count_max=ALL, byte_count_max=ALL * ALL, wait_s=wait_s
        )
    )


def fill(journal: Journal, *bodies: bytes) -> list[int]:
    async def append_all() -> list[int]:
        return list(await asyncio.gather(*(journal.append(META, body) for body in bodies)))

    return asyncio.run(append_all())


def test_records_are_numbered_from_one_in_the_order_of_their_appending(opener: Opener) -> None:
    journal = opener()

    sequences = fill(journal, b"a", b"b", b"c") + fill(journal, b"d")

    assert sequences == [1, 2, 3, 4]
    assert [(r.sequence, r.body) for r in read(journal)] == [
        (1, b"a"),
        (2, b"b"),
        (3, b"c"),
        (4, b"d"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(range(256)) * 10, id="every byte"),
        pytest.param(b"x" * (5 * MEBIBYTE), id="more than a segment"),
    ],
)
def test_a_record_is_read_as_it_was_appended(opener: Opener, body: bytes) -> None:
    meta = msgspec.structs.replace(META, encoding="zstd", parameters={"sentry_release": "1"})
    journal = opener()

    async def append() -> None:
        await journal.append(meta, body)

    asyncio.run(append())

    assert read(journal) == [Record(1, meta, body)]


def test_reading_begins_behind_the_given_sequence(opener: Opener) -> None:
    journal = opener()
    fill(journal, b"a", b"b", b"c")

    assert [record.body for record in read(journal, after=1)] == [b"b", b"c"]
    assert read(journal, after=3) == []
    assert read(journal, after=99) == []


def test_reading_ends_at_the_count_that_was_asked_for(opener: Opener) -> None:
    journal = opener()
    fill(journal, b"a", b"b", b"c")

    records = journal.read(after_sequence=0, record_count_max=2, byte_count_max=ALL, wait_s=0.0)

    assert [record.body for record in records] == [b"a", b"b"]


def test_reading_ends_before_the_bytes_that_were_asked_for_are_passed(opener: Opener) -> None:
    journal = opener()
    fill(journal, KILOBYTE, KILOBYTE, KILOBYTE)

    records = journal.read(after_sequence=0, record_count_max=ALL, byte_count_max=2_500, wait_s=0.0)

    assert len(records) == 2


def test_reading_gives_one_record_however_large(opener: Opener) -> None:
    journal = opener()
    fill(journal, KILOBYTE, KILOBYTE)

    records = journal.read(after_sequence=0, record_count_max=ALL, byte_count_max=1, wait_s=0.0)

    assert len(records) == 1


def test_a_reader_waits_for_the_next_record(opener: Opener) -> None:
    journal = opener()

    async def append_while_a_reader_waits() -> list[Record]:
        reader = asyncio.create_task(asyncio.to_thread(read, journal, wait_s=60.0))
        await asyncio.sleep(0)
        await journal.append(META, b"late")
        return await reader

    assert [r.body for r in asyncio.run(append_while_a_reader_waits())] == [b"late"]


def test_a_reader_that_waited_in_vain_gets_nothing(opener: Opener) -> None:
    assert read(opener(), wait_s=0.01) == []


def test_closing_ends_the_waiting_of_readers(opener: Opener) -> None:
    journal = opener()

    async def close_while_a_reader_waits() -> list[Record]:
        reader = asyncio.create_task(asyncio.to_thread(read, journal, wait_s=60.0))
        await asyncio.sleep(0)
        await asyncio.to_thread(journal.close)
        return await reader

    assert asyncio.run(close_while_a_reader_waits()) == []


def test_a_journal_that_is_full_refuses_until_something_is_forgotten(opener: Opener) -> None:
    journal = opener(replace(LIMITS, bytes_max=3_500))
    fill(journal, KILOBYTE, KILOBYTE, KILOBYTE)

    with pytest.raises(JournalFull, match="undigested bytes"):
        fill(journal, KILOBYTE)
    journal.forget(up_to_sequence=2)

    assert fill(journal, KILOBYTE) == [4]


def test_a_record_that_can_never_fit_is_refused_as_full(opener: Opener) -> None:
    journal = opener(replace(LIMITS, bytes_max=999))

    with pytest.raises(JournalFull):
        fill(journal, KILOBYTE)


def test_what_waits_for_the_disk_is_bounded(opener: Opener) -> None:
    journal = opener(replace(LIMITS, waiting_bytes_max=MEBIBYTE + 100))

    # However fast the disk: of so many megabytes, two wait at the same time.
    with pytest.raises(JournalBusy, match="wait for the disk"):
        fill(journal, *[b"x" * MEBIBYTE] * 50)


def test_a_refusal_does_not_use_up_a_sequence(opener: Opener) -> None:
    journal = opener(replace(LIMITS, bytes_max=2_500))
    fill(journal, KILOBYTE)
    with pytest.raises(JournalFull):
        fill(journal, KILOBYTE * 3)

    assert fill(journal, KILOBYTE) == [2]


def test_what_was_forgotten_is_not_read_again(opener: Opener) -> None:
    journal = opener()
    fill(journal, b"a", b"b", b"c")

    journal.forget(up_to_sequence=2)
    journal.forget(up_to_sequence=1)

    assert [record.body for record in read(journal, after=2)] == [b"c"]
    assert fill(journal, b"d") == [4]


def test_lag_counts_what_lies_behind_a_sequence(opener: Opener) -> None:
    journal = opener()

    async def append_at(*times: int) -> None:
        for received_ns in times:
            await journal.append(msgspec.structs.replace(META, received_ns=received_ns), KILOBYTE)

    asyncio.run(append_at(10, 20, 30))
    all_three = journal.lag(after_sequence=0)
    last_two = journal.lag(after_sequence=1)

    assert (all_three.record_count, all_three.oldest_received_ns) == (3, 10)
    assert (last_two.record_count, last_two.oldest_received_ns) == (2, 20)
    assert 3_000 <= all_three.byte_count < 3_500
    assert last_two.byte_count * 3 == all_three.byte_count * 2


def test_lag_behind_the_last_record_is_nothing(opener: Opener) -> None:
    journal = opener()
    assert journal.lag(after_sequence=0) == JournalLag(0, 0, None, 0)

    fill(journal, b"a", b"b")

    assert journal.lag(after_sequence=2) == JournalLag(0, 0, None, 2)


def test_a_closed_journal_takes_nothing(opener: Opener) -> None:
    journal = opener()
    journal.close()
    journal.close()

    with pytest.raises(JournalClosed, match="closed"):
        fill(journal, b"a")


def test_closing_keeps_what_was_taken(opener: Opener) -> None:
    journal = opener()

    async def close_before_it_is_synced() -> list[int]:
        taken = [journal.append(META, body) for body in (b"a", b"b")]
        journal.close()
        return list(await asyncio.gather(*taken))

    assert asyncio.run(close_before_it_is_synced()) == [1, 2]


def test_a_sender_who_went_away_harms_nobody(opener: Opener) -> None:
    journal = opener()

    async def cancel_the_first() -> int:
        first = asyncio.ensure_future(journal.append(META, b"a"))
        second = journal.append(META, b"b")
        first.cancel()
        return await second

    assert asyncio.run(cancel_the_first()) == 2
    assert [record.body for record in read(journal)] == [b"a", b"b"]


def test_a_journal_has_an_id_of_32_hex_digits(opener: Opener) -> None:
    journal_id = opener().journal_id

    assert len(journal_id) == 32
    assert int(journal_id, 16) >= 0


def test_nothing_is_damaged_in_a_sound_journal(opener: Opener) -> None:
    journal = opener()
    fill(journal, b"a", b"b")
    read(journal)

    assert journal.damage() == [] or journal.damage() == ()


def test_a_journal_opened_again_goes_on_where_it_ended(opener: Opener) -> None:
    if not opener.is_durable:
        pytest.skip("keeps nothing when it is closed")
    journal = opener()
    fill(journal, b"a", b"b", b"c")
    journal.forget(up_to_sequence=1)
    journal.close()

    again = opener()

    assert again.journal_id == journal.journal_id
    assert [record.body for record in read(again, after=1)] == [b"b", b"c"]
    assert fill(again, b"d") == [4]


def test_a_journal_opened_again_knows_its_end_though_all_was_forgotten(opener: Opener) -> None:
    if not opener.is_durable:
        pytest.skip("keeps nothing when it is closed")
    journal = opener()
    fill(journal, *[b"x" * MEBIBYTE] * 9)
    journal.forget(up_to_sequence=9)
    journal.close()

    again = opener()

    assert again.lag(after_sequence=9) == JournalLag(0, 0, None, 9)
    assert fill(again, b"next") == [10]


def test_no_record_gets_a_number_that_its_reader_has_done_with(opener: Opener) -> None:
    journal = opener()
    fill(journal, b"a", b"b")

    journal.number_behind(1)
    journal.number_behind(7)

    assert journal.lag(after_sequence=7) == JournalLag(0, 0, None, 7)
    assert fill(journal, b"c") == [8]
    assert [record.sequence for record in read(journal)] == [1, 2, 8]
    assert [record.body for record in read(journal, after=7)] == [b"c"]
    journal.forget(up_to_sequence=7)
    assert journal.lag(after_sequence=7).record_count == 1


def test_plans_are_kept_until_they_are_forgotten(opener: Opener) -> None:
    journal = opener()
    fill(journal, b"a", b"b", b"c")
    assert journal.progress() == JournalProgress()

    journal.note_plan(DigestRange(1, 2))
    journal.note_plan(DigestRange(3, 3))
    journal.note_plan(DigestRange(3, 3))
    assert journal.progress() == JournalProgress(0, (DigestRange(1, 2), DigestRange(3, 3)))

    journal.forget(up_to_sequence=2)
    assert journal.progress() == JournalProgress(2, (DigestRange(3, 3),))

    journal.forget(up_to_sequence=3)
    assert journal.progress() == JournalProgress(3)
