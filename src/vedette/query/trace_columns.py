"""A trace as columns in pre-order: what a view of a million spans can still draw."""

from collections.abc import Mapping, Sequence
from typing import Final

from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.hex_id import is_no_id
from vedette.query.iso_time import iso_time
from vedette.query.trace_order import TraceOrder, order_trace

SPAN_COUNT_MAX: Final = 1_000_000

_DICTIONARY_COLUMNS: Final = (
    "name",
    "op",
    "service",
    "kind",
    "status",
    "environment",
    "release",
    "protocol",
    "origin",
)
"""Columns of few different values: sent once each, and named by place."""
_TEXT_COLUMNS: Final = ("span_id", "description", "status_text", "status_message")


def shape_trace_columns(
    answer: Answer, *, trace_id: str, project_slugs: Mapping[int, str], total: int
) -> JsonObject:
    """Return the spans of a trace as columns.

    Starts and durations are nanoseconds; starts count from the start of the trace, so that a
    float of JavaScript holds them exactly.
    """
    columns = dict(zip(answer.names, answer.columns, strict=True))
    starts_ns = [whole(value) for value in columns.get("start_time", ())]
    order = order_trace(
        span_ids=[str(value) for value in columns.get("span_id", ())],
        parent_ids=[str(value) for value in columns.get("parent_span_id", ())],
        starts_ns=starts_ns,
    )
    trace_start_ns = min(starts_ns, default=0)
    durations_ns = columns.get("duration_ns", ())
    shown = len(order.rows)
    return {
        "traceId": trace_id,
        "startTimestamp": iso_time(trace_start_ns) if shown else None,
        "startNs": str(trace_start_ns),
        "durationNs": _trace_length(starts_ns, durations_ns, trace_start_ns),
        "shown": shown,
        "total": max(total, shown),
        "columns": {
            "depth": order.depths,
            "parent": order.parents,
            "startNs": [starts_ns[row] - trace_start_ns for row in order.rows],
            "durationNs": [whole(durations_ns[row]) for row in order.rows],
            "isSegment": [bool(columns["is_segment"][row]) for row in order.rows],
            "isOrphan": _orphans(order, columns.get("parent_span_id", ())),
            "projectId": [whole(columns["project_id"][row]) for row in order.rows],
            **{_camel(name): _picked(columns, name, order) for name in _TEXT_COLUMNS},
            **{_camel(name): _by_place(columns, name, order) for name in _DICTIONARY_COLUMNS},
        },
        "projects": {str(project_id): slug for project_id, slug in project_slugs.items()},
    }


def whole(value: JsonValue) -> int:
    """Return a number of the store as a whole number; large ones may come as text."""
    assert isinstance(value, int | float | str)
    return int(value)


def _trace_length(
    starts_ns: Sequence[int], durations_ns: Sequence[JsonValue], trace_start_ns: int
) -> int:
    ends = (start + whole(length) for start, length in zip(starts_ns, durations_ns, strict=True))
    return max(ends, default=trace_start_ns) - trace_start_ns


def _orphans(order: TraceOrder, parent_ids: Sequence[JsonValue]) -> list[bool]:
    return [
        parent < 0 and not is_no_id(parent_ids[row])
        for row, parent in zip(order.rows, order.parents, strict=True)
    ]


def _picked(
    columns: Mapping[str, Sequence[JsonValue]], name: str, order: TraceOrder
) -> list[JsonValue]:
    values = columns.get(name)
    return [] if values is None else [values[row] for row in order.rows]


def _by_place(
    columns: Mapping[str, Sequence[JsonValue]], name: str, order: TraceOrder
) -> JsonObject:
    places: dict[str, int] = {}
    indexes = [
        places.setdefault(str(value), len(places)) for value in _picked(columns, name, order)
    ]
    return {"values": list(places), "indexes": indexes}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
