"""Lists of traces: those that have a span which is looked for, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    Dataset,
    Field,
    Order,
    RowQuestion,
    TimeRange,
)
from vedette.model.service_question import TraceSummariesQuestion
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.query.iso_time import iso_time
from vedette.query.payload import as_list, whole
from vedette.storage.telemetry.port import TelemetryReader

TRACES_PER_PAGE_MAX: Final = 100
SPANS_PER_TRACE: Final = 20
"""So many matching spans are looked at for each trace of a page; a page may have fewer traces than
asked for where traces have more."""


@dataclass(frozen=True, slots=True)
class TraceListRequest:
    """Which traces."""

    search: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    trace_count_max: int
    span_offset: int = 0
    """Matching spans before this one were shown on earlier pages."""


@dataclass(frozen=True, slots=True)
class TraceList:
    """One page."""

    traces: Sequence[JsonObject]
    """By the newest matching span, newest first; times are nanoseconds."""
    span_offset: int
    """Where the next page begins."""
    has_more: bool


def ask_trace_list(reader: TelemetryReader, request: TraceListRequest) -> TraceList:
    """Return the traces of the newest matching spans.

    Raises:
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    context = search_context(
        meaning_of("spans"),
        request.project_slugs,
        request.now_ns,
        max(1, request.time_range.end_ns - request.time_range.start_ns),
    )
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.SPANS,
            project_ids=tuple(request.project_slugs),
            time_range=request.time_range,
            selected=(Field("trace"), Field("span_id"), Field("timestamp")),
            where=read_condition(request.search, context),
            order=(Order(Field("timestamp"), is_descending=True),),
            row_count_max=request.trace_count_max * SPANS_PER_TRACE,
            row_offset=request.span_offset,
        )
    )
    matching, taken = group_matches(
        [(str(trace), str(span)) for trace, span in zip(*answer.columns[:2], strict=True)],
        request.trace_count_max,
    )
    summaries = trace_summaries(reader, tuple(matching), request.project_slugs)
    return TraceList(
        [
            {**summaries[trace_id], "matchingSpans": list(spans)}
            for trace_id, spans in matching.items()
            if trace_id in summaries
        ],
        request.span_offset + taken,
        answer.was_cut or taken < answer.row_count,
    )


def group_matches(
    matches: Sequence[tuple[str, str]], trace_count_max: int
) -> tuple[dict[str, list[str]], int]:
    """Return the matching spans by trace, in the order of the first, and how many were taken.

    Taking ends before the span that would begin one trace too many.
    """
    found: dict[str, list[str]] = {}
    for taken, (trace_id, span_id) in enumerate(matches):
        if trace_id not in found and len(found) == trace_count_max:
            return found, taken
        found.setdefault(trace_id, []).append(span_id)
    return found, len(matches)


def trace_summaries(
    reader: TelemetryReader, trace_ids: tuple[str, ...], project_slugs: Mapping[int, str]
) -> dict[str, JsonObject]:
    """Return what lists show of traces, by id; unknown ones are left out."""
    answer = reader.trace_summaries(TraceSummariesQuestion(trace_ids, tuple(project_slugs)))
    return {str(row["trace_id"]): _summary(row, project_slugs) for row in answer.rows()}


def _summary(row: Mapping[str, JsonValue], project_slugs: Mapping[int, str]) -> JsonObject:
    start_ns, end_ns = whole(row["start"]), whole(row["end"])
    projects = [whole(each) for each in as_list(row["project_ids"])]
    return {
        "traceId": row["trace_id"],
        "startTimestamp": iso_time(start_ns),
        "startNs": str(start_ns),
        "durationNs": end_ns - start_ns,
        "spanCount": row["span_count"],
        "errorCount": row["error_count"],
        "services": [each for each in as_list(row["services"]) if each],
        "projects": [project_slugs.get(each, str(each)) for each in projects],
        "root": {
            "spanId": row["root_span_id"],
            "name": row["root_name"],
            "op": row["root_op"],
            "service": row["root_service"],
            "project": project_slugs.get(whole(row["root_project_id"]), ""),
            "durationNs": row["root_duration_ns"],
            "isMissing": not row["has_root"],
        },
    }
