"""A trace as columns in pre-order: what a view of a million spans can still draw."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import orjson

from vedette.native import trace_columns
from vedette.query.iso_time import iso_time

if TYPE_CHECKING:
    from vedette.model.json_value import JsonObject

SPAN_COUNT_MAX: Final = 1_000_000


def write_trace_columns(
    rows: bytes, *, trace_id: str, project_slugs: Mapping[int, str], total: int
) -> bytes:
    """Return the spans of a trace as columns, in JSON.

    Starts and durations are nanoseconds; starts count from the start of the trace, so that a
    float of JavaScript holds them exactly.
    """
    (shown, start_ns, end_ns, gap_count), (columns, gaps) = trace_columns(rows)
    head: JsonObject = {
        "traceId": trace_id,
        "startTimestamp": iso_time(start_ns),
        "startNs": str(start_ns),
        "durationNs": end_ns - start_ns,
        "shown": shown,
        "total": max(total, shown),
        "gapCount": gap_count,
        "projects": {str(project_id): slug for project_id, slug in project_slugs.items()},
    }
    return b"".join((orjson.dumps(head)[:-1], b',"columns":', columns, b',"gaps":', gaps, b"}"))
