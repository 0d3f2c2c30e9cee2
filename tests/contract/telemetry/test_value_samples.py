"""Values of very many rows are counted in a sample of either side, the same one each time."""

import hashlib
from collections.abc import Callable

import pytest

from tests.contract.telemetry.asking import ALL_TIME
from tests.fakes.telemetry_rows import a_span, block_of
from vedette.model.question import Compare, Dataset, Field, Operator, ValueCountsQuestion
from vedette.storage.telemetry.chdb_store import ChdbTelemetry


def test_of_many_rows_a_part_of_either_side_is_counted(
    open_engine: Callable[[], ChdbTelemetry],
) -> None:
    telemetry = open_engine()
    spans = [
        a_span(
            number,
            trace_id=hashlib.md5(str(number).encode()).digest(),
            op="slow" if number % 3 == 0 else "fast",
            attr_str={"shop": "east" if number % 2 else "west"},
        )
        for number in range(12_000)
    ]
    telemetry.put([block_of("spans", spans)], token="1")
    question = ValueCountsQuestion(
        Dataset.SPANS,
        (1,),
        ALL_TIME,
        selection=Compare(Field("span.op"), Operator.EQUAL, ("slow",)),
        keys=("shop",),
        sample_row_count=500,
        scan_row_count=6_000,
    )

    found = telemetry.value_counts(question)

    assert (found.selected_total, found.rest_total) == (4_000, 8_000)
    assert 300 < found.selected_sampled < 800
    assert 300 < found.rest_sampled < 800
    assert sum(each.selected for each in found.counts) == found.selected_sampled
    shares = [each.selected / found.selected_sampled for each in found.counts]
    assert shares == pytest.approx([0.5, 0.5], abs=0.1)
    assert telemetry.value_counts(question) == found


def test_ids_that_begin_alike_are_sampled_too(open_engine: Callable[[], ChdbTelemetry]) -> None:
    telemetry = open_engine()
    spans = [a_span(number, trace_id=b"\xff" * 16, op=f"o{number % 2}") for number in range(8_000)]
    telemetry.put([block_of("spans", spans)], token="1")
    selection = Compare(Field("span.op"), Operator.EQUAL, ("o1",))

    found = telemetry.value_counts(
        ValueCountsQuestion(
            Dataset.SPANS, (1,), ALL_TIME, selection=selection, scan_row_count=1_000
        )
    )

    assert (found.selected_sampled, found.rest_sampled) == (4_000, 4_000)
