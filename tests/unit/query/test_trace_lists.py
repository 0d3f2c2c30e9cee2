"""Lists of traces and comparisons, as pages show them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, a_span, block_of, span_id, trace_id
from vedette.model.question import TimeRange
from vedette.query.trace_compare import ask_comparison, compare
from vedette.query.trace_list import TraceListRequest, ask_trace_list, group_matches

SLUGS = {1: "web"}
MINUTE_NS = 60 * 10**9


def telemetry(*spans: dict[str, object]) -> MemoryTelemetry:
    made = MemoryTelemetry()
    made.put([block_of("spans", spans)], token="spans")
    return made


def request(search: str, count: int = 10, offset: int = 0) -> TraceListRequest:
    around = TimeRange(NOON_NS - MINUTE_NS, NOON_NS + MINUTE_NS)
    return TraceListRequest(search, SLUGS, around, NOON_NS + MINUTE_NS, count, offset)


def test_traces_are_listed_by_their_newest_matching_span() -> None:
    reader = telemetry(
        a_span(1, op="db", start_time=NOON_NS),
        a_span(2, op="db", start_time=NOON_NS + 5),
        a_span(3, op="db", start_time=NOON_NS + 9, trace_id=trace_id(1), parent_span_id=span_id(1)),
        a_span(4, op="http", start_time=NOON_NS + 20),
    )

    found = ask_trace_list(reader, request("span.op:db"))

    assert [(each["traceId"], each["matchingSpans"]) for each in found.traces] == [
        (trace_id(1).hex(), [span_id(3).hex(), span_id(1).hex()]),
        (trace_id(2).hex(), [span_id(2).hex()]),
    ]
    assert found.traces[0]["spanCount"] == 2
    assert not found.has_more


def test_pages_of_traces_go_on_where_the_last_one_ended() -> None:
    reader = telemetry(*(a_span(number, start_time=NOON_NS + number) for number in range(1, 6)))

    first = ask_trace_list(reader, request("", 2))
    second = ask_trace_list(reader, request("", 2, first.span_offset))
    third = ask_trace_list(reader, request("", 2, second.span_offset))

    ids = [each["traceId"] for page in (first, second, third) for each in page.traces]
    assert ids == [trace_id(number).hex() for number in (5, 4, 3, 2, 1)]
    assert [first.has_more, second.has_more, third.has_more] == [True, True, False]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz", min_size=1))), st.integers(1, 4))
def test_matches_are_grouped_without_losing_any_that_was_taken(
    matches: list[tuple[str, str]], count_max: int
) -> None:
    found, taken = group_matches(matches, count_max)

    assert sum(map(len, found.values())) == taken
    assert [*found] == list(dict.fromkeys(trace for trace, _ in matches[:taken]))
    assert len(found) <= count_max
    assert taken == len(matches) or matches[taken][0] not in found


def test_two_traces_are_compared_by_what_made_one_slower() -> None:
    def trace(number: int, query_ns: int) -> list[dict[str, object]]:
        return [
            a_span(number, name="GET /a/1", service="web", duration_ns=query_ns + 10),
            a_span(
                number + 100,
                trace_id=trace_id(number),
                parent_span_id=span_id(number),
                name=f"query {number}",
                service="web",
                start_time=NOON_NS + 5,
                duration_ns=query_ns,
            ),
        ]

    reader = telemetry(*trace(1, 50), *trace(2, 20))
    one, other = trace_id(1).hex(), trace_id(2).hex()

    found = ask_comparison(reader, one=one, other=other, project_slugs=SLUGS)

    assert found is not None
    rows = found["rows"]
    assert isinstance(rows, list)
    assert [(row["name"], row["criticalDifferenceNs"]) for row in rows] == [
        ("query *", 30),
        ("GET /a/*", 0),
    ]
    assert ask_comparison(reader, one=one, other="f" * 32, project_slugs=SLUGS) is None
    assert ask_comparison(reader, one=one, other=other, project_slugs={2: "x"}) is None


def test_a_trace_is_compared_with_a_typical_one_of_its_operation() -> None:
    lengths = {1: 900, 2: 100, 3: 101, 4: 100, 5: 99, 6: 5000}
    reader = telemetry(
        *(
            a_span(number, name="GET /a", service="web", duration_ns=length, is_segment=True)
            for number, length in lengths.items()
        )
    )

    found = ask_comparison(reader, one=trace_id(1).hex(), other="", project_slugs=SLUGS)

    assert found is not None
    assert found["isTypical"]
    other = found["b"]
    assert isinstance(other, dict)
    assert other["traceId"] in {trace_id(number).hex() for number in (2, 3, 4, 5)}


def test_what_only_one_trace_did_has_nothing_on_the_other_side() -> None:
    [row] = compare({("s", "op", "n"): (1, 0, 5, 5, 5)}, {})

    assert row["b"] is None
    assert row["criticalDifferenceNs"] == 5
