"""The two forms of a trace."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.packed_spans import as_kept, pack_spans
from vedette.model.answer import Answer
from vedette.model.json_value import JsonValue
from vedette.query.trace_columns import write_trace_columns
from vedette.query.trace_nested import DEPTH_MAX, write_nested_trace
from vedette.query.trace_order import order_trace
from vedette.storage.telemetry.port import TRACE_COLUMNS

TRACE_ID = "a" * 32
NO_PARENT = "0" * 16
ERROR_COLUMNS = (
    "id",
    "project.id",
    "timestamp",
    "span_id",
    "transaction",
    "title",
    "level",
    "culprit",
)
SECOND_NS = 10**9


def span(
    span_id: str, parent: str = NO_PARENT, start_ns: int = 0, **more: JsonValue
) -> dict[str, JsonValue]:
    row: dict[str, JsonValue] = dict.fromkeys(TRACE_COLUMNS, "")
    return row | {
        "project_id": 7,
        "span_id": span_id,
        "parent_span_id": parent,
        "start_time": start_ns,
        "duration_ns": 2_500_000,
        "name": f"name of {span_id}",
        "is_segment": parent == NO_PARENT,
        "segment_id": NO_PARENT,
        "status": "ok",
        **more,
    }


def spans(*rows: dict[str, JsonValue]) -> Answer:
    return Answer(TRACE_COLUMNS, tuple(tuple(row[name] for row in rows) for name in TRACE_COLUMNS))


def errors(*rows: tuple[str, str]) -> Answer:
    made = [
        (event_id, 7, SECOND_NS, span_id, "", "Boom", "error", "") for event_id, span_id in rows
    ]
    return Answer(ERROR_COLUMNS, tuple(zip(*made, strict=True)) or ((),) * len(ERROR_COLUMNS))


def nested(found: Answer, failed: Answer | None = None) -> list[dict[str, object]]:
    body = write_nested_trace(found, failed or errors(), project_slugs={7: "web"})
    trace = json.loads(body)
    assert isinstance(trace, list)
    return trace


def tree(trace: object) -> list[object]:
    """Ids, each with the ids inside it."""
    assert isinstance(trace, list)
    return [
        [one["event_id"], *tree(one["children"])] if one.get("children") else one["event_id"]
        for one in trace
    ]


def test_children_stand_inside_their_parents_and_orphans_beside_the_roots() -> None:
    found = spans(
        span("r"), span("a", "r", 1), span("b", "a", 2), span("c", "r", 3), span("o", "gone", 4)
    )

    assert tree(nested(found)) == [["r", ["a", "b"], "c"], "o"]


def test_a_span_has_sentrys_names_and_units() -> None:
    [root] = nested(spans(span("r", start_ns=1_500_000_000, op="db", profile_id="p1")))

    assert root["start_timestamp"] == 1.5
    assert root["end_timestamp"] == 1.5025
    assert root["duration"] == 2.5
    assert root["project_slug"] == "web"
    assert root["is_transaction"] is True
    assert root["parent_span_id"] is None
    assert root["description"] == "name of r"
    assert root["profiler_id"] == "p1"


def test_errors_stand_at_their_spans_or_alone() -> None:
    trace = nested(
        spans(span("r"), span("a", "r", 1)), errors(("e1", "a"), ("e2", "gone"), ("e3", "r"))
    )

    assert tree(trace) == [["r", "a"], "e2"]
    [root, alone] = trace
    assert root["errors"] == [
        {
            "event_id": "e3",
            "event_type": "error",
            "project_id": 7,
            "project_slug": "web",
            "start_timestamp": 1.0,
            "transaction": "",
            "description": "Boom",
            "level": "error",
            "culprit": "",
            "issue_id": 0,
            "issue_type": "error",
            "short_id": None,
        }
    ]
    assert alone["event_type"] == "error"


def test_a_trace_of_errors_alone_is_a_list_of_errors() -> None:
    assert tree(nested(spans(), errors(("e1", "a"), ("e2", "b")))) == ["e1", "e2"]


def test_nothing_is_an_empty_list() -> None:
    assert nested(spans()) == []


def test_spans_deeper_than_readers_of_json_can_go_stand_side_by_side() -> None:
    chain = [span(str(number), str(number - 1), number) for number in range(1, 1_000)]

    trace: list[dict[str, object]] = nested(spans(*chain))

    depth = 0
    while len(trace) == 1 and trace[0]["children"]:
        children = trace[0]["children"]
        assert isinstance(children, list)
        trace = children
        depth += 1
    assert depth == DEPTH_MAX
    assert len(trace) == 999 - DEPTH_MAX


names = st.sampled_from("abcdef")


@given(
    st.lists(st.tuples(names, names, st.integers(0, 9)), max_size=20), st.lists(names, max_size=5)
)
def test_every_span_and_error_is_shown_once_whatever_the_parents(
    given_spans: list[tuple[str, str, int]], error_spans: list[str]
) -> None:
    found = spans(*(span(one, parent, start) for one, parent, start in given_spans))
    failed = errors(*((f"e{number}", one) for number, one in enumerate(error_spans)))

    waiting, seen = nested(found, failed), []
    while waiting:
        one = waiting.pop()
        seen.append(one["event_id"])
        for inside in (one.get("children", []), one.get("errors", [])):
            assert isinstance(inside, list)
            waiting.extend(inside)
    expected = [one for one, _, _ in given_spans] + [f"e{n}" for n, _ in enumerate(error_spans)]
    assert sorted(map(str, seen)) == sorted(expected)


def packed(*rows: dict[str, JsonValue]) -> bytes:
    return pack_spans([as_kept(row) for row in rows])


def hex_span(
    number: int, parent: int = 0, start_ns: int = 0, **more: JsonValue
) -> dict[str, JsonValue]:
    return span(f"{number:016x}", f"{parent:016x}", start_ns, kind="server", **more)


def test_columns_stand_in_pre_order_with_starts_from_the_traces_start() -> None:
    rows = packed(
        hex_span(1, 0, 100, service="web"),
        hex_span(2, 1, 150, service="db"),
        hex_span(4, 1, 300, service="web"),
        hex_span(3, 2, 200, service="db"),
        hex_span(5, 99, 400, service="web"),
    )

    shape = json.loads(
        write_trace_columns(rows, trace_id=TRACE_ID, project_slugs={7: "web"}, total=9)
    )

    columns = shape["columns"]
    assert columns["spanId"] == [f"{number:016x}" for number in (1, 2, 3, 4, 5)]
    assert columns["depth"] == [0, 1, 2, 1, 0]
    assert columns["parent"] == [-1, 0, 1, 0, -1]
    assert columns["startNs"] == [0, 50, 100, 200, 300]
    assert columns["isOrphan"] == [False, False, False, False, True]
    assert columns["service"] == {"values": ["web", "db"], "indexes": [0, 1, 1, 0, 0]}
    assert columns["kind"]["values"][columns["kind"]["indexes"][0]] == "server"
    assert (shape["shown"], shape["total"]) == (5, 9)
    assert shape["durationNs"] == 300 + 2_500_000
    assert shape["startNs"] == "100"


def test_all_columns_are_of_one_length() -> None:
    rows = packed(hex_span(1), hex_span(2, 1))
    shape = json.loads(write_trace_columns(rows, trace_id=TRACE_ID, project_slugs={}, total=2))

    columns = shape["columns"]
    lengths = {
        name: len(column["indexes"] if isinstance(column, dict) else column)
        for name, column in columns.items()
    }
    assert set(lengths.values()) == {2}, lengths


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9)), max_size=14))
def test_the_columns_stand_in_the_order_that_plain_python_finds(
    given_spans: list[tuple[int, int, int]],
) -> None:
    by_id = {number: (number, parent, start) for number, parent, start in given_spans}
    kept = sorted(by_id.values(), key=lambda each: (each[2], each[0]))
    order = order_trace(
        span_ids=[str(number) for number, _, _ in kept],
        parent_ids=[str(parent) for _, parent, _ in kept],
        starts_ns=[start for _, _, start in kept],
    )

    rows = packed(*(hex_span(*each) for each in kept))
    columns = json.loads(write_trace_columns(rows, trace_id=TRACE_ID, project_slugs={}, total=0))[
        "columns"
    ]

    assert columns["spanId"] == [f"{kept[row][0]:016x}" for row in order.rows]
    assert columns["parent"] == list(order.parents)
    assert columns["depth"] == list(order.depths)
