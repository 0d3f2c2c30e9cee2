"""Every rule of the recommendation about `traceparent`, one test each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import SpanContext, TraceFlags

from waymark.trace_parent import HeaderFault, TraceParent, read_traceparent, write_traceparent

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


def faults(value: str) -> HeaderFault | None:
    read = read_traceparent([value])
    return read if isinstance(read, HeaderFault) else None


def test_a_good_header_gives_its_fields() -> None:
    read = read_traceparent([GOOD])

    assert read == TraceParent("00", int(TRACE, 16), int(SPAN, 16), TraceFlags(1))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(f"00-{TRACE}-{SPAN}-00", id="not sampled"),
        pytest.param(f" \t{GOOD}\t ", id="optional whitespace around it"),
        pytest.param(f"01-{TRACE}-{SPAN}-01", id="a later version"),
        pytest.param(f"cc-{TRACE}-{SPAN}-01-what-the-future-brings", id="a later version, longer"),
        pytest.param(f"01-{TRACE}-{SPAN}-01-", id="a later version, empty further field"),
        pytest.param(f"fe-{TRACE}-{SPAN}-01", id="the last possible version"),
        pytest.param(f"00-{'f' * 32}-{'f' * 16}-ff", id="all bits set"),
        pytest.param(f"00-{'0' * 31}1-{'0' * 15}1-01", id="smallest ids"),
    ],
)
def test_what_the_recommendation_allows_is_read(value: str) -> None:
    assert faults(value) is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        pytest.param("", HeaderFault.MALFORMED, id="empty"),
        pytest.param("-", HeaderFault.MALFORMED, id="one dash"),
        pytest.param(f"ff-{TRACE}-{SPAN}-01", HeaderFault.VERSION_FORBIDDEN, id="version ff"),
        pytest.param(f"0-{TRACE}-{SPAN}-01", HeaderFault.MALFORMED, id="version too short"),
        pytest.param(f"000-{TRACE}-{SPAN}-01", HeaderFault.MALFORMED, id="version too long"),
        pytest.param(f".0-{TRACE}-{SPAN}-01", HeaderFault.MALFORMED, id="version of odd letters"),
        pytest.param(f"FE-{TRACE}-{SPAN}-01", HeaderFault.MALFORMED, id="version in upper case"),
        pytest.param(f"00-{'0' * 32}-{SPAN}-01", HeaderFault.TRACE_ID_ZERO, id="trace id zero"),
        pytest.param(
            f"cc-{'0' * 32}-{SPAN}-01", HeaderFault.TRACE_ID_ZERO, id="zero, later version"
        ),
        pytest.param(f"00-{TRACE.upper()}-{SPAN}-01", HeaderFault.MALFORMED, id="trace id upper"),
        pytest.param(f"00-{TRACE[:-1]}-{SPAN}-01", HeaderFault.MALFORMED, id="trace id short"),
        pytest.param(f"00-{TRACE}a-{SPAN}-01", HeaderFault.MALFORMED, id="trace id long"),
        pytest.param(f"00-{TRACE[:-1]}g-{SPAN}-01", HeaderFault.MALFORMED, id="trace id not hex"),
        pytest.param(f"00-{TRACE}-{'0' * 16}-01", HeaderFault.SPAN_ID_ZERO, id="parent id zero"),
        pytest.param(f"00-{TRACE}-{SPAN.upper()}-01", HeaderFault.MALFORMED, id="parent id upper"),
        pytest.param(f"00-{TRACE}-{SPAN[:-1]}-01", HeaderFault.MALFORMED, id="parent id short"),
        pytest.param(f"00-{TRACE}-{SPAN}a-01", HeaderFault.MALFORMED, id="parent id long"),
        pytest.param(f"00-{TRACE}-{SPAN[:-1]}.-01", HeaderFault.MALFORMED, id="parent id not hex"),
        pytest.param(f"00-{TRACE}-{SPAN}-1", HeaderFault.MALFORMED, id="flags short"),
        pytest.param(f"00-{TRACE}-{SPAN}-001", HeaderFault.MALFORMED, id="flags long"),
        pytest.param(f"00-{TRACE}-{SPAN}-0X", HeaderFault.MALFORMED, id="flags not hex"),
        pytest.param(f"00-{TRACE}-{SPAN}-0A", HeaderFault.MALFORMED, id="flags upper"),
        pytest.param(f"{GOOD}-more", HeaderFault.VERSION_00_LENGTH, id="version 00 with more"),
        pytest.param(f"{GOOD}-", HeaderFault.VERSION_00_LENGTH, id="version 00 with a dash"),
        pytest.param(f"cc-{TRACE}-{SPAN}-01.x", HeaderFault.MALFORMED, id="later version, no dash"),
        pytest.param(f"00{TRACE}-{SPAN}-01", HeaderFault.MALFORMED, id="first dash missing"),
        pytest.param(f"00-{TRACE}{SPAN}-01", HeaderFault.MALFORMED, id="second dash missing"),
        pytest.param(f"00-{TRACE}-{SPAN}01", HeaderFault.MALFORMED, id="third dash missing"),
        pytest.param(f"00_{TRACE}_{SPAN}_01", HeaderFault.MALFORMED, id="other separators"),
        pytest.param(
            f"00-{TRACE}-{SPAN}-01\n", HeaderFault.MALFORMED, id="newline is no whitespace"
        ),
        pytest.param(f"00- {TRACE}-{SPAN}-01", HeaderFault.MALFORMED, id="whitespace inside"),
        pytest.param(
            f"00-{'٣' * 32}-{SPAN}-01", HeaderFault.MALFORMED, id="digits of other scripts"
        ),
        pytest.param(
            f"cc-{TRACE}-{SPAN}-01-{'x' * 500}", HeaderFault.TOO_LONG, id="beyond the bound"
        ),
        pytest.param(f"{GOOD},{GOOD}", HeaderFault.MALFORMED, id="two joined by a comma"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(value: str, fault: HeaderFault) -> None:
    assert faults(value) is fault


def test_two_headers_are_refused_even_when_they_agree() -> None:
    assert read_traceparent([GOOD, GOOD]) is HeaderFault.DUPLICATE


def test_no_header_is_a_fault_of_its_own() -> None:
    assert read_traceparent([]) is HeaderFault.MISSING


@pytest.mark.parametrize(
    ("received", "passed_on"),
    [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("ff", "03"), ("f8", "00")],
)
def test_unknown_flag_bits_are_not_passed_on(received: str, passed_on: str) -> None:
    read = read_traceparent([f"00-{TRACE}-{SPAN}-{received}"])

    assert isinstance(read, TraceParent)
    assert write_traceparent(read.span_context()) == f"00-{TRACE}-{SPAN}-{passed_on}"


def test_a_later_version_is_passed_on_as_the_version_that_we_know() -> None:
    read = read_traceparent([f"cc-{TRACE}-{SPAN}-01-more"])

    assert isinstance(read, TraceParent)
    assert write_traceparent(read.span_context()) == GOOD


@given(
    trace_id=st.integers(1, 2**128 - 1),
    span_id=st.integers(1, 2**64 - 1),
    flags=st.integers(0, 3),
)
def test_what_is_written_is_read_back(trace_id: int, span_id: int, flags: int) -> None:
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))

    header = write_traceparent(context)
    read = read_traceparent([header])

    assert len(header) == 55
    assert isinstance(read, TraceParent)
    assert read.span_context() == context


@given(st.lists(st.text()))
def test_reading_never_raises(values: list[str]) -> None:
    read_traceparent(values)
