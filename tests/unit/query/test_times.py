"""Times and ranges of time as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.question import TimeRange
from vedette.query.iso_time import iso_time, read_iso_time
from vedette.query.refusal import QuestionWrong
from vedette.query.time_range import read_time_range

SECOND_NS = 1_000_000_000
HOUR_NS = 3_600 * SECOND_NS
NOW_NS = 1_000_000 * SECOND_NS


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (SECOND_NS + 500_000_000, "1970-01-01T00:00:01.500Z"),
        (1_000, "1970-01-01T00:00:00.000001Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
    ],
)
def test_times_have_as_many_digits_as_are_known(time_ns: int, text: str) -> None:
    assert iso_time(time_ns) == text


@given(st.integers(0, 9_000_000_000 * SECOND_NS))
def test_what_is_written_is_read_back_exactly(time_ns: int) -> None:
    assert read_iso_time(iso_time(time_ns)) == time_ns
    assert read_iso_time(iso_time(time_ns, offset="+00:00")) == time_ns


@pytest.mark.parametrize(
    ("text", "time_ns"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T00:01", 60 * SECOND_NS),
        ("1970-01-01 00:00:01", SECOND_NS),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1970-01-01T02:00:00+0200", 0),
        ("1970-13-01", None),
        ("now", None),
        ("", None),
    ],
)
def test_times_are_read_in_the_usual_spellings(text: str, time_ns: int | None) -> None:
    assert read_iso_time(text) == time_ns


@given(st.text(max_size=40))
def test_reading_a_time_never_raises(text: str) -> None:
    time_ns = read_iso_time(text)

    assert time_ns is None or isinstance(time_ns, int)


def test_a_period_ends_a_little_after_now() -> None:
    assert read_time_range(period="1h", start=None, end=None, now_ns=NOW_NS) == TimeRange(
        NOW_NS - HOUR_NS, NOW_NS + 60 * SECOND_NS
    )


def test_start_and_end_win_over_the_period() -> None:
    found = read_time_range(
        period="1h", start="1970-01-01T00:00:01", end="1970-01-01T00:00:02", now_ns=NOW_NS
    )

    assert found == TimeRange(SECOND_NS, 2 * SECOND_NS)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("soon", None, None),
        ("0d", None, None),
        ("999999999w", None, None),
        ("-1d", None, None),
        (None, "yesterday", None),
        (None, "1969-01-01", None),
        (None, "9999-01-01", None),
        (None, "1970-01-02", "1970-01-01"),
    ],
)
def test_what_says_no_range_is_refused(
    period: str | None, start: str | None, end: str | None
) -> None:
    with pytest.raises(QuestionWrong):
        read_time_range(period=period, start=start, end=end, now_ns=NOW_NS)
