"""The end of the write road, on every adapter."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.telemetry.asking import ask, count
from tests.fakes.telemetry_rows import (
    DAY_NS,
    NOON_NS,
    a_log,
    a_metric,
    a_resource,
    a_span,
    an_error,
    block_of,
    trace_id,
)
from vedette.model.block import Block
from vedette.model.question import Dataset, Field, TraceQuestion
from vedette.storage.telemetry.port import StoreRefused, StoreUnreachable, Telemetry


def test_what_is_put_is_there_at_once(telemetry: Telemetry) -> None:
    telemetry.put([block_of("spans", [a_span(1), a_span(2)])], token="a")

    assert count(telemetry) == 2


def test_blocks_of_all_tables_go_in_one_call(telemetry: Telemetry) -> None:
    blocks = [
        block_of("spans", [a_span()]),
        block_of("errors", [an_error()]),
        block_of("logs", [a_log()]),
        block_of("metrics", [a_metric()]),
        block_of("resources", [a_resource(1)]),
    ]

    telemetry.put(blocks, token="a")

    for dataset in (Dataset.SPANS, Dataset.ERRORS, Dataset.LOGS, Dataset.METRICS):
        assert count(telemetry, dataset=dataset) == 1


def test_nothing_is_a_put_too(telemetry: Telemetry) -> None:
    telemetry.put([], token="a")

    assert count(telemetry) == 0


def test_a_block_under_a_known_token_is_not_stored_again(telemetry: Telemetry) -> None:
    block = block_of("spans", [a_span(1), a_span(2)])
    telemetry.put([block], token="a")

    telemetry.put([block], token="a")

    assert count(telemetry) == 2


def test_equal_blocks_under_different_tokens_are_both_stored(telemetry: Telemetry) -> None:
    block = block_of("logs", [a_log()])
    telemetry.put([block], token="a")

    telemetry.put([block], token="b")

    assert count(telemetry, dataset=Dataset.LOGS) == 2


def test_a_token_is_known_for_each_table_on_its_own(telemetry: Telemetry) -> None:
    telemetry.put([block_of("spans", [a_span()])], token="a")

    telemetry.put([block_of("spans", [a_span()]), block_of("logs", [a_log()])], token="a")

    assert count(telemetry) == 1
    assert count(telemetry, dataset=Dataset.LOGS) == 1


@pytest.mark.parametrize(
    "token",
    ["'); DROP TABLE spans --", "a\\'b", "tab\tline\n", "", "é😀", "x" * 500],
)
def test_a_token_may_be_any_text(telemetry: Telemetry, token: str) -> None:
    block = block_of("spans", [a_span()])

    telemetry.put([block], token=f"t{token}")
    telemetry.put([block], token=f"t{token}")

    assert count(telemetry) == 1


def test_a_block_may_span_hundreds_of_days(telemetry: Telemetry) -> None:
    spans = [a_span(day, start_time=NOON_NS - day * DAY_NS) for day in range(300)]
    block = block_of("spans", spans)

    telemetry.put([block], token="a")
    telemetry.put([block], token="a")

    assert count(telemetry) == 300


def test_a_repeated_block_does_not_confuse_the_look_up_of_traces(telemetry: Telemetry) -> None:
    block = block_of("spans", [a_span(1), a_span(1, span_id=bytes(7) + b"\x07")])
    telemetry.put([block], token="a")
    telemetry.put([block], token="a")

    answer = telemetry.trace(TraceQuestion(trace_id(1).hex(), (1,)))

    assert answer.row_count == 2


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(Block("spans", b"no block at all", 1), id="garbage"),
        pytest.param(Block("spans", block_of("spans", [a_span()]).body[:-20], 1), id="cut"),
        pytest.param(Block("nothing", block_of("logs", [a_log()]).body, 1), id="unknown table"),
    ],
)
def test_a_broken_block_is_refused_and_harms_nothing(telemetry: Telemetry, block: Block) -> None:
    telemetry.put([block_of("spans", [a_span(1)])], token="a")

    with pytest.raises(StoreRefused, match=block.table):
        telemetry.put([block], token="b")

    telemetry.put([block_of("spans", [a_span(2)])], token="b")
    assert count(telemetry) == 2


def test_puts_from_several_threads_all_arrive(telemetry: Telemetry) -> None:
    def put(number: int) -> None:
        telemetry.put([block_of("spans", [a_span(number)])], token=str(number))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(put, range(20)))

    assert len(ask(telemetry, Field("id"))) == 20


def test_one_token_put_from_two_threads_at_once_is_stored_once(telemetry: Telemetry) -> None:
    block = block_of("spans", [a_span()])

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: telemetry.put([block], token="a"), range(8)))

    assert count(telemetry) == 1


def test_known_event_ids_are_those_of_earlier_records(telemetry: Telemetry) -> None:
    rows = [an_error(1, journal_sequence=5), an_error(2, journal_sequence=9)]
    telemetry.put([block_of("errors", rows)], token="a")

    ids = [trace_id(number).hex() for number in (1, 2, 3)]
    known = telemetry.known_event_ids(project_id=1, event_ids=ids, before_sequence=9)

    assert known == {trace_id(1).hex()}


def test_event_ids_of_another_project_are_not_known(telemetry: Telemetry) -> None:
    telemetry.put([block_of("errors", [an_error(1, project_id=2)])], token="a")

    ids = [trace_id(1).hex()]

    assert not telemetry.known_event_ids(project_id=1, event_ids=ids, before_sequence=100)


def test_asking_for_no_event_ids_answers_none(telemetry: Telemetry) -> None:
    assert telemetry.known_event_ids(project_id=1, event_ids=[], before_sequence=1) == frozenset()


def test_a_closed_store_says_so(telemetry: Telemetry) -> None:
    telemetry.close()
    telemetry.close()

    with pytest.raises(StoreUnreachable, match="closed"):
        telemetry.check()
    with pytest.raises(StoreUnreachable, match="closed"):
        telemetry.put([block_of("spans", [a_span()])], token="a")
