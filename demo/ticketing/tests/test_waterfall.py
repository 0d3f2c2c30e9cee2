"""The picture of a trace: to scale while something happens, folded while nothing does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.pass_lounge.waterfall import WIDTH, colours_of, lay_out, words_for

if TYPE_CHECKING:
    from psycopg.rows import DictRow

BEGIN = datetime(2026, 9, 1, 20, 0, tzinfo=UTC)


def span(begins_s: float, duration_s: float, service: str = "shop") -> DictRow:
    start = BEGIN + timedelta(seconds=begins_s)
    return {
        "start_time": start,
        "end_time": start + timedelta(seconds=duration_s),
        "duration_ms": duration_s * 1_000,
        "service_name": service,
    }


def test_bars_are_to_scale() -> None:
    rows = lay_out([span(0, 0.1), span(0.05, 0.025)])

    assert [(row.bar_x, row.bar_width) for row in rows] == [(0, WIDTH), (500, 250)]


def test_days_between_order_and_scan_are_folded_and_said() -> None:
    rows = lay_out([span(0, 0.1), span(200_000, 0.1)])

    assert [row.gap_before for row in rows] == ["", "2 d 7 h"]
    assert rows[0].bar_width == pytest.approx(488)
    assert rows[1].bar_x == pytest.approx(512)
    assert rows[1].bar_width == pytest.approx(488)


def test_short_pauses_are_not_folded() -> None:
    rows = lay_out([span(0, 0.1), span(0.9, 0.1)])

    assert [row.gap_before for row in rows] == ["", ""]


def test_each_service_has_its_colour_in_order_of_appearance() -> None:
    assert colours_of([span(0, 1, "b"), span(0, 1, "a"), span(0, 1, "b")]) == {"b": 1, "a": 2}


def test_no_spans_give_no_rows() -> None:
    assert lay_out([]) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 1e6), st.floats(0, 1e4)).map(lambda one: span(*one)),
        min_size=1,
        max_size=30,
    )
)
def test_every_span_has_a_bar_inside_the_picture(spans: list[DictRow]) -> None:
    rows = lay_out(spans)

    assert len(rows) == len(spans)
    for row in rows:
        assert 0 <= row.bar_x <= WIDTH
        assert row.bar_width > 0
        assert row.bar_x + row.bar_width <= WIDTH + 0.01


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_600, "1 h"), (183_845, "2 d 3 h")],
)
def test_lengths_of_time_have_two_units(seconds: int, words: str) -> None:
    assert words_for(timedelta(seconds=seconds)) == words
