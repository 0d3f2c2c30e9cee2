"""Numbers with units."""

import pytest

from vedette.query.units import read_any_number, read_duration_ns, read_number


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1", 1_000_000),
        ("1ns", 1),
        ("2us", 2_000),
        ("3µs", 3_000),
        ("1.5ms", 1_500_000),
        ("2s", 2_000_000_000),
        ("1m", 60_000_000_000),
        ("1min", 60_000_000_000),
        ("1h", 3_600_000_000_000),
        ("1D", 86_400_000_000_000),
        ("", None),
        ("ms", None),
        ("1 s", None),
        ("1parsec", None),
        ("1e3", None),
    ],
)
def test_durations_are_read_in_nanoseconds(text: str, nanoseconds: int | None) -> None:
    assert read_duration_ns(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("-5", -5),
        ("1.5", 1.5),
        ("2k", 2_000),
        ("1.5m", 1_500_000),
        ("50%", 0.5),
        ("x", None),
    ],
)
def test_plain_numbers_may_be_thousands_or_percent(text: str, number: float | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("2kb", 2_000),
        ("1KiB", 1_024),
        ("250ms", 250),
        ("2s", 2_000),
        ("500us", 0.5),
        ("?", None),
    ],
)
def test_numbers_of_attributes_become_milliseconds_and_bytes(
    text: str, number: float | None
) -> None:
    assert read_any_number(text) == number
