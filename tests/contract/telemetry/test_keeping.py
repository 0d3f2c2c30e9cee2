"""Housekeeping, on every adapter."""

from tests.contract.telemetry.asking import ask, count
from tests.fakes.telemetry_rows import DAY_NS, NOON_NS, a_log, a_span, block_of
from vedette.model.question import Dataset, Field
from vedette.storage.telemetry.port import Telemetry

MIDNIGHT_NS = NOON_NS - DAY_NS // 2


def put_days(telemetry: Telemetry, *days_ago: int) -> None:
    spans = [a_span(day + 1, name=str(day), start_time=NOON_NS - day * DAY_NS) for day in days_ago]
    telemetry.put([block_of("spans", spans)], token=f"spans {days_ago}")


def days_left(telemetry: Telemetry) -> list[object]:
    return [name for (name,) in ask(telemetry, Field("span.name"))]


def test_whole_days_that_ended_before_are_dropped(telemetry: Telemetry) -> None:
    put_days(telemetry, 0, 1, 2, 3)

    dropped = telemetry.drop_older_than(table="spans", before_ns=MIDNIGHT_NS - DAY_NS)

    assert dropped == 2
    assert days_left(telemetry) == ["0", "1"]


def test_a_day_that_has_not_ended_stays(telemetry: Telemetry) -> None:
    put_days(telemetry, 0, 1)

    assert telemetry.drop_older_than(table="spans", before_ns=MIDNIGHT_NS - 1) == 0
    assert telemetry.drop_older_than(table="spans", before_ns=MIDNIGHT_NS) == 1
    assert days_left(telemetry) == ["0"]


def test_dropping_spares_other_tables(telemetry: Telemetry) -> None:
    put_days(telemetry, 5)
    telemetry.put([block_of("logs", [a_log(1, time=NOON_NS - 5 * DAY_NS)])], token="logs")

    telemetry.drop_older_than(table="spans", before_ns=NOON_NS)

    assert count(telemetry, dataset=Dataset.SPANS) == 0
    assert count(telemetry, dataset=Dataset.LOGS) == 1


def test_dropping_what_is_not_there_drops_nothing(telemetry: Telemetry) -> None:
    assert telemetry.drop_older_than(table="spans", before_ns=NOON_NS) == 0
    assert telemetry.drop_older_than(table="no such table", before_ns=NOON_NS) == 0
    assert telemetry.drop_oldest() is None


def test_what_was_dropped_can_be_put_again(telemetry: Telemetry) -> None:
    put_days(telemetry, 3)
    telemetry.drop_older_than(table="spans", before_ns=NOON_NS)

    telemetry.put([block_of("spans", [a_span(start_time=NOON_NS - 3 * DAY_NS)])], token="other")

    assert count(telemetry) == 1


def test_when_the_disk_is_short_the_oldest_of_all_tables_goes_first(telemetry: Telemetry) -> None:
    put_days(telemetry, 0, 2, 4)
    logs = [a_log(day, time=NOON_NS - day * DAY_NS) for day in (1, 3)]
    telemetry.put([block_of("logs", logs)], token="logs")

    dropped = [telemetry.drop_oldest() for _ in range(3)]

    tables = [str(each).split()[0] for each in dropped]
    assert tables == ["spans", "logs", "spans"]
    assert days_left(telemetry) == ["0"]


def test_the_newest_day_of_a_table_is_never_dropped(telemetry: Telemetry) -> None:
    put_days(telemetry, 7)

    assert telemetry.drop_oldest() is None
    assert days_left(telemetry) == ["7"]


def test_sizes_tell_of_every_table(telemetry: Telemetry) -> None:
    put_days(telemetry, 0, 1)

    sizes = {each.table: each for each in telemetry.sizes()}

    assert {"spans", "errors", "logs", "metrics", "outcomes", "sessions"} <= sizes.keys()
    assert sizes["spans"].row_count == 2
    assert sizes["spans"].byte_count > 0
    assert sizes["spans"].part_count > 0
    assert (sizes["logs"].row_count, sizes["logs"].part_count) == (0, 0)


def test_an_open_store_answers(telemetry: Telemetry) -> None:
    telemetry.check()
