"""A trace as columns in pre-order: what a view of a million spans can still draw."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

from vedette.model.answer import Answer
from vedette.model.hex_id import is_no_id
from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.iso_time import iso_time
from vedette.query.trace_order import NO_PARENT, TraceOrder, order_trace

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


def write_trace_columns(
    answer: Answer, *, trace_id: str, project_slugs: Mapping[int, str], total: int
) -> bytes:
    """Return the spans of a trace as columns, in JSON.

    Starts and durations are nanoseconds; starts count from the start of the trace, so that a
    float of JavaScript holds them exactly.
    """
    columns = dict(zip(answer.names, answer.columns, strict=True))
    starts_ns = _numbers(columns["start_time"])
    durations_ns = _numbers(columns["duration_ns"])
    order = order_trace(
        span_ids=columns["span_id"], parent_ids=columns["parent_span_id"], starts_ns=starts_ns
    )
    trace_start_ns = min(starts_ns)
    end_ns = max(map(int.__add__, starts_ns, durations_ns))
    shown = len(order.rows)
    head: JsonObject = {
        "traceId": trace_id,
        "startTimestamp": iso_time(trace_start_ns),
        "startNs": str(trace_start_ns),
        "durationNs": end_ns - trace_start_ns,
        "shown": shown,
        "total": max(total, shown),
        "projects": {str(project_id): slug for project_id, slug in project_slugs.items()},
    }
    parent_ids = columns["parent_span_id"]
    shaped: dict[str, JsonValue] = {
        "depth": order.depths,
        "parent": order.parents,
        "startNs": [starts_ns[row] - trace_start_ns for row in order.rows],
        "durationNs": _arranged(durations_ns, order),
        "isSegment": _arranged(list(map(bool, columns["is_segment"])), order),
        "isOrphan": [
            parent == NO_PARENT and not is_no_id(parent_ids[row])
            for row, parent in zip(order.rows, order.parents, strict=True)
        ],
        "projectId": _arranged(columns["project_id"], order),
    }
    shaped |= {_camel(name): _arranged(columns[name], order) for name in _TEXT_COLUMNS}
    shaped |= {_camel(name): _by_place(columns[name], order) for name in _DICTIONARY_COLUMNS}
    return _write(head, shaped)


def whole(value: JsonValue) -> int:
    """Return a number of the store as a whole number."""
    assert isinstance(value, int | float)
    return int(value)


def _write(head: JsonObject, columns: Mapping[str, JsonValue]) -> bytes:
    """Return both as one object. Column by column: other threads get their turn in between."""
    written = (b'"%s":%s' % (name.encode(), orjson.dumps(one)) for name, one in columns.items())
    return orjson.dumps(head)[:-1] + b',"columns":{' + b",".join(written) + b"}}"


def _numbers(values: Sequence[JsonValue]) -> list[int]:
    return [whole(value) for value in values]


def _arranged(values: Sequence[JsonValue], order: TraceOrder) -> list[JsonValue]:
    return list(map(values.__getitem__, order.rows))


def _by_place(values: Sequence[JsonValue], order: TraceOrder) -> JsonObject:
    arranged = list(map(str, _arranged(values, order)))
    places = {value: place for place, value in enumerate(dict.fromkeys(arranged))}
    return {"values": list(places), "indexes": list(map(places.__getitem__, arranged))}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
