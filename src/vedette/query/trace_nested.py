"""A trace in Sentry's form: roots with their children inside, errors attached to their spans."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import orjson

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.hex_id import is_no_id
from vedette.model.json_value import JsonObject
from vedette.query.payload import whole
from vedette.query.trace_order import order_trace

SPAN_COUNT_MAX: Final = 20_000
"""Clients of this form build an object for every span; the columnar form takes a million."""
ERROR_COUNT_MAX: Final = 10_000
DEPTH_MAX: Final = 200
"""Readers of JSON give up on deeper nesting. Spans further down stand at this depth, side by side;
their parent_span_id still says whose children they are."""
_NANOSECONDS_PER_MILLISECOND: Final = 1_000_000


def write_nested_trace(
    spans: Answer,
    errors: Answer,
    *,
    project_slugs: Mapping[int, str],
    extras: Mapping[str, JsonObject] = MappingProxyType({}),
) -> bytes:
    """Return the trace as JSON.

    Errors whose span is not there stand beside the roots, each by itself. `extras` are the
    additional attributes that were asked for, by span.
    """
    rows = spans.rows()
    order = order_trace(
        span_ids=[str(row["span_id"]) for row in rows],
        parent_ids=[str(row["parent_span_id"]) for row in rows],
        starts_ns=[whole(row["start_time"]) for row in rows],
    )
    by_span, alone = _errors_by_span(errors, {str(row["span_id"]) for row in rows}, project_slugs)
    shapes = [
        _span(rows[row], by_span.pop(str(rows[row]["span_id"]), []), project_slugs, extras)
        for row in order.rows
    ]
    depths = [min(depth, DEPTH_MAX) for depth in order.depths]
    return b"".join(_nest(shapes, depths, alone))


def _nest(
    shapes: Sequence[JsonObject], depths: Sequence[int], alone: Sequence[JsonObject]
) -> Iterator[bytes]:
    """Yield the pieces of the list. Written by hand: the encoder refuses deep nesting."""
    yield b"["
    open_count = 0
    is_first = True
    for shape, depth in zip(shapes, depths, strict=True):
        if open_count > depth:
            yield b"]}" * (open_count - depth)
            is_first = False
        yield b"" if is_first else b","
        yield orjson.dumps(shape)[:-1]
        yield b',"children":['
        open_count = depth + 1
        is_first = True
    yield b"]}" * open_count
    is_first = not shapes
    for shape in alone:
        yield b"" if is_first else b","
        yield orjson.dumps(shape)
        is_first = False
    yield b"]"


def _errors_by_span(
    errors: Answer, span_ids: set[str], project_slugs: Mapping[int, str]
) -> tuple[dict[str, list[JsonObject]], list[JsonObject]]:
    by_span: dict[str, list[JsonObject]] = {}
    alone: list[JsonObject] = []
    for row in errors.rows():
        span_id = str(row["span_id"])
        target = by_span.setdefault(span_id, []) if span_id in span_ids else alone
        target.append(_error(row, project_slugs))
    return by_span, alone


def _error(row: JsonObject, project_slugs: Mapping[int, str]) -> JsonObject:
    project_id = whole(row["project.id"])
    return {
        "event_id": row["id"],
        "event_type": "error",
        "project_id": project_id,
        "project_slug": project_slugs.get(project_id, str(project_id)),
        "start_timestamp": _seconds(whole(row["timestamp"])),
        "transaction": row["transaction"],
        "description": row["title"],
        "level": row["level"],
        "culprit": row["culprit"],
        # No issues yet: events are not grouped.
        "issue_id": 0,
        "issue_type": "error",
        "short_id": None,
    }


def _span(
    row: JsonObject,
    errors: list[JsonObject],
    project_slugs: Mapping[int, str],
    extras: Mapping[str, JsonObject],
) -> JsonObject:
    start_ns, duration_ns = whole(row["start_time"]), whole(row["duration_ns"])
    project_id = whole(row["project_id"])
    profile_id = row.get("profile_id") or ""
    return {
        "event_id": row["span_id"],
        "event_type": "span",
        "span_id": row["span_id"],
        "parent_span_id": None if is_no_id(row["parent_span_id"]) else row["parent_span_id"],
        "transaction_id": None if is_no_id(row["segment_id"]) else row["segment_id"],
        "project_id": project_id,
        "project_slug": project_slugs.get(project_id, str(project_id)),
        "op": row["op"],
        "name": row["name"],
        "description": row["description"] or row["name"],
        "transaction": row["segment_name"],
        "is_transaction": bool(row["is_segment"]),
        "start_timestamp": _seconds(start_ns),
        "end_timestamp": _seconds(start_ns + duration_ns),
        "duration": duration_ns / _NANOSECONDS_PER_MILLISECOND,
        "status": row["status_text"] or row["status"],
        "sdk_name": row.get("sdk_name") or "",
        "profile_id": profile_id,
        "profiler_id": profile_id,
        "measurements": {},
        "additional_attributes": extras.get(str(row["span_id"]), {}),
        "errors": errors,
        "occurrences": [],
    }


def _seconds(time_ns: int) -> float:
    return time_ns / NANOSECONDS_PER_SECOND
