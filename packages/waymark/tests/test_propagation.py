"""Headers as they come: names, pairs, bytes; and the same answers as OpenTelemetry's propagator."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import waymark
from waymark.propagation import StrictPropagator, read_trace_headers
from waymark.trace_parent import HeaderFault, TraceParent
from waymark.trace_state import OwnEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from waymark.propagation import Headers

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"
RANDOM_HEADER_COUNT = 100_000


def span_of(context: Context) -> SpanContext:
    return trace.get_current_span(context).get_span_context()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"traceparent": GOOD}, id="a mapping"),
        pytest.param({"TraceParent": GOOD}, id="names without regard to case"),
        pytest.param({"traceparent": [GOOD]}, id="a mapping to lists"),
        pytest.param([("TRACEPARENT", GOOD)], id="pairs"),
        pytest.param([(b"traceparent", GOOD.encode())], id="pairs of bytes, as ASGI has them"),
    ],
)
def test_headers_come_in_several_shapes(headers: Headers) -> None:
    assert span_of(waymark.extract_trace_context(headers)).trace_id == int(TRACE, 16)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"traceparent": [GOOD, GOOD]}, id="list"),
        pytest.param([("traceparent", GOOD), ("Traceparent", GOOD)], id="pairs"),
    ],
)
def test_duplicate_headers_start_a_new_trace(headers: Headers) -> None:
    read = read_trace_headers(headers)

    assert read.faults == (HeaderFault.DUPLICATE,)
    assert not span_of(read.context()).is_valid


def test_a_bad_traceparent_silences_a_good_tracestate() -> None:
    read = read_trace_headers({"traceparent": "nonsense", "tracestate": "a=1"})

    assert read.parent is None
    assert not read.state


def test_a_bad_tracestate_leaves_a_good_traceparent_alone() -> None:
    read = read_trace_headers({"traceparent": GOOD, "tracestate": "nonsense"})

    assert isinstance(read.parent, TraceParent)
    assert not read.state


def test_without_a_caller_the_context_stays_what_it_was() -> None:
    base = Context({"kept": "value"})

    assert waymark.extract_trace_context({}, base) is base


def test_tracestate_headers_are_joined_in_their_order() -> None:
    read = read_trace_headers([("traceparent", GOOD), ("tracestate", "a=1"), ("tracestate", "b=2")])

    assert list(read.state.items()) == [("a", "1"), ("b", "2")]


def test_inject_writes_what_extract_reads() -> None:
    arrived = waymark.extract_trace_context({"traceparent": GOOD, "tracestate": "a=1"})
    headers: dict[str, str] = {}

    waymark.inject(headers, arrived, OwnEntry("maguey", {"v": "1.0"}))

    assert headers == {"traceparent": GOOD, "tracestate": "maguey=v:1.0,a=1"}


def test_inject_without_a_span_writes_nothing() -> None:
    headers: dict[str, str] = {}

    waymark.inject(headers, Context())

    assert headers == {}


def random_headers(dice: random.Random) -> list[tuple[str, bytes]]:
    """Headers near enough to good ones to reach every branch, and some that are plain noise."""
    parent = bytearray(f"{dice.choice(['00', '01', 'ff', 'cc'])}-{TRACE}-{SPAN}-01".encode())
    for _change in range(dice.randrange(4)):
        at = dice.randrange(len(parent))
        match dice.randrange(3):
            case 0:
                parent[at] = dice.randrange(256)
            case 1:
                del parent[at]
            case _:
                parent[at:at] = bytes([dice.randrange(256)])
    alphabet = string.ascii_lowercase + "=,@ \t\x00\xff*0A"
    state = "".join(dice.choices(alphabet, k=dice.randrange(60))).encode("latin-1")
    noise = dice.randbytes(dice.randrange(80))
    pairs = [("traceparent", bytes(parent)), ("tracestate", state), ("tracestate", noise)]
    return dice.choices(pairs, k=dice.randrange(4)) if dice.random() < 0.3 else pairs


def test_a_hundred_thousand_random_headers_never_raise() -> None:
    dice = random.Random(20_240_229)
    outcomes: set[bool] = set()

    for _round in range(RANDOM_HEADER_COUNT):
        read = read_trace_headers(random_headers(dice))
        outcomes.add(read.parent is None)
        span_of(read.context())

    assert outcomes == {True, False}, "the generator must make both good and bad headers"


@given(st.lists(st.tuples(st.sampled_from(["traceparent", "tracestate", "x"]), st.binary())))
def test_reading_any_bytes_never_raises(pairs: list[tuple[str, bytes]]) -> None:
    read_trace_headers(pairs)


MEMBERS = st.lists(
    st.tuples(
        st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True),
        st.from_regex(r"[!-+\--<>-~]{1,8}", fullmatch=True),
    ),
    max_size=6,
    unique_by=lambda member: member[0],
)


@given(
    version=st.sampled_from(["00", "01", "fe", "ff", "0g"]),
    trace_id=st.sampled_from([TRACE, "0" * 32, TRACE.upper()]),
    span_id=st.sampled_from([SPAN, "0" * 16, SPAN[1:]]),
    flags=st.sampled_from(["00", "01", "03", "1"]),
    ending=st.sampled_from(["", " ", "-", "-x"]),
    entries=MEMBERS,
)
def test_we_read_what_opentelemetry_reads(
    version: str,
    trace_id: str,
    span_id: str,
    flags: str,
    ending: str,
    entries: Sequence[tuple[str, str]],
) -> None:
    carrier = {
        "traceparent": f"{version}-{trace_id}-{span_id}-{flags}{ending}",
        "tracestate": ",".join(f"{key}={value}" for key, value in entries),
    }

    ours = span_of(StrictPropagator().extract(carrier))
    theirs = span_of(TraceContextTextMapPropagator().extract(carrier))

    assert ours == theirs


@given(
    trace_id=st.integers(1, 2**128 - 1),
    span_id=st.integers(1, 2**64 - 1),
    flags=st.sampled_from([0, 1, 2, 3]),
    entries=MEMBERS,
)
def test_we_write_what_opentelemetry_writes(
    trace_id: int, span_id: int, flags: int, entries: list[tuple[str, str]]
) -> None:
    span = NonRecordingSpan(
        SpanContext(
            trace_id,
            span_id,
            is_remote=False,
            trace_flags=TraceFlags(flags),
            trace_state=TraceState(entries),
        )
    )
    context = trace.set_span_in_context(span, Context())
    ours: dict[str, str] = {}
    theirs: dict[str, str] = {}

    StrictPropagator().inject(ours, context)
    TraceContextTextMapPropagator().inject(theirs, context)

    assert ours == theirs


def test_they_take_the_first_of_two_headers_and_we_take_none() -> None:
    carrier = {"traceparent": [GOOD, GOOD]}

    assert not span_of(StrictPropagator().extract(carrier)).is_valid
    assert span_of(TraceContextTextMapPropagator().extract(carrier)).is_valid


def test_they_pass_unknown_flag_bits_on_and_we_do_not() -> None:
    carrier = {"traceparent": f"00-{TRACE}-{SPAN}-ff"}

    assert span_of(StrictPropagator().extract(carrier)).trace_flags == 3
    assert span_of(TraceContextTextMapPropagator().extract(carrier)).trace_flags == 255


def test_the_propagator_names_its_headers() -> None:
    assert StrictPropagator().fields == TraceContextTextMapPropagator().fields
