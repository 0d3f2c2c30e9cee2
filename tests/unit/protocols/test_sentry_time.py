"""Times in all the spellings of the SDKs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonValue
from vedette.protocols.sentry_time import read_time_ns
from vedette.query.iso_time import iso_time

BASE_NS = 1_767_225_600_000_000_000  # 2026-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("value", "time_ns"),
    [
        pytest.param(1767225600, BASE_NS, id="whole seconds"),
        pytest.param(1767225600.25, BASE_NS + 250_000_000, id="float"),
        pytest.param(1767225600123, BASE_NS + 123_000_000, id="milliseconds"),
        pytest.param("1767225600.5", BASE_NS + 500_000_000, id="number as text"),
        pytest.param("2026-01-01T00:00:00Z", BASE_NS, id="utc"),
        pytest.param("2026-01-01T00:00:00", BASE_NS, id="no zone"),
        pytest.param("2026-01-01 00:00", BASE_NS, id="no seconds"),
        pytest.param("2026-01-01T01:00:00+01:00", BASE_NS, id="east"),
        pytest.param("2025-12-31T19:30:00-0430", BASE_NS, id="west, no colon"),
        pytest.param("2026-01-01T00:00:00.123456789Z", BASE_NS + 123_456_789, id="nanoseconds"),
        pytest.param(
            "2026-01-01T00:00:00.1234567891Z", BASE_NS + 123_456_789, id="finer than that"
        ),
        pytest.param("2026-13-01T00:00:00Z", None, id="month 13"),
        pytest.param("9999-01-01T00:00:00Z", None, id="beyond 2262"),
        pytest.param("nan", None, id="not a number"),
        pytest.param(float("inf"), None, id="endless"),
        pytest.param(-5, None, id="before 1970"),
        pytest.param(True, None, id="a boolean"),
        pytest.param(None, None, id="nothing"),
        pytest.param(10**400, None, id="a huge integer"),
    ],
)
def test_every_spelling_is_read(value: JsonValue, time_ns: int | None) -> None:
    assert read_time_ns(value) == time_ns


@given(st.integers(1, 2**63 - 1))
def test_what_the_read_door_writes_is_read_again(time_ns: int) -> None:
    assert read_time_ns(iso_time(time_ns)) == time_ns


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers()))
def test_reading_never_raises(value: str | float) -> None:
    read_time_ns(value)
