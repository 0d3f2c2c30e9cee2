"""Rows of the store as trees that detectors walk."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.detectors.seen_span import SeenSpan, Value
from vedette.pipeline.detectors.trace_tree import SPAN_COUNT_MAX, TraceTree, grow_tree
from vedette.storage.telemetry.detection_port import DetectionReader, TracesQuestion

TRACES_AT_ONCE: Final = 20
"""So many are in memory at once."""


def read_traces(
    reader: DetectionReader, trace_ids: Sequence[str], project_ids: tuple[int, ...]
) -> Iterator[TraceTree]:
    """Yield the traces, one after the other.

    Raises:
        TelemetryError: The store could not answer.
    """
    waiting = iter(trace_ids)
    while some := tuple(islice(waiting, TRACES_AT_ONCE)):
        answer = reader.judged_traces(TracesQuestion(some, project_ids, SPAN_COUNT_MAX))
        for trace_id, rows in groupby(answer.rows(), key=lambda row: str(row["trace_id"])):
            yield grow_tree(trace_id, map(_span, rows))


def _span(row: JsonObject) -> SeenSpan:
    start_ns = _whole(row["start_time"])
    attributes = row["attributes"]
    return SeenSpan(
        span_id=str(row["span_id"]),
        parent_id=str(row["parent_span_id"]),
        project_id=_whole(row["project_id"]),
        start_ns=start_ns,
        end_ns=start_ns + _whole(row["duration_ns"]),
        name=str(row["name"]),
        op=str(row["op"]),
        description=str(row["description"]),
        kind=str(row["kind"]),
        is_failed=row["status"] == "error",
        status_text=str(row["status_text"]),
        is_segment=bool(row["is_segment"]),
        segment_name=str(row["segment_name"]),
        service=str(row["service"]),
        environment=str(row["environment"]),
        release=str(row["release"]),
        platform=str(row["platform"]),
        origin=str(row["origin"]),
        scope_name=str(row["scope_name"]),
        attributes=_plain(attributes) if isinstance(attributes, dict) else {},
    )


def _plain(attributes: dict[str, JsonValue]) -> dict[str, Value]:
    return {
        name: value for name, value in attributes.items() if isinstance(value, str | int | float)
    }


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int | float)
    return int(value)
