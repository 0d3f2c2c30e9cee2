"""Everything about one trace: its spans, errors and logs, in each of the forms that are shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.hex_id import is_no_id
from vedette.model.json_value import JsonObject
from vedette.model.question import (
    ROW_COUNT_MAX,
    Aggregate,
    Compare,
    Dataset,
    Field,
    Function,
    Operator,
    Order,
    RowQuestion,
    SpanQuestion,
    TimeRange,
    TraceQuestion,
    is_of_group,
)
from vedette.query import trace_columns, trace_nested
from vedette.query.events_table import show
from vedette.query.fields import MEANINGS
from vedette.query.iso_time import iso_time
from vedette.query.payload import as_list, as_object, whole
from vedette.query.refusal import QuestionWrong
from vedette.query.select import read_columns
from vedette.query.trace_columns import write_trace_columns
from vedette.query.trace_nested import write_nested_trace
from vedette.storage.telemetry.port import TelemetryReader

_PADDING_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Errors and logs of a trace may lie before and after its spans: late tasks, wrong clocks."""
_ERROR_FIELDS: Final = (
    "id",
    "project.id",
    "timestamp",
    "span_id",
    "transaction",
    "title",
    "level",
    "culprit",
)


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """Which trace, and what the asker may see of it."""

    trace_id: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    """Where errors and logs are looked for when the trace has no spans."""

    @property
    def project_ids(self) -> tuple[int, ...]:
        """The ids of the projects."""
        return tuple(self.project_slugs)


@dataclass(frozen=True, slots=True)
class NestedTrace:
    """Sentry's form."""

    body: bytes
    shown: int
    total: int


def ask_nested_trace(
    reader: TelemetryReader, request: TraceRequest, *, extra: Sequence[str] = ()
) -> NestedTrace | None:
    """Return the trace in Sentry's form; None if nothing of it is known.

    Raises:
        QuestionWrong: Too many additional attributes are asked for, or one that is none.
    """
    spans = _spans(reader, request, trace_nested.SPAN_COUNT_MAX)
    errors = reader.rows(_error_question(request, spans))
    if not spans.row_count and not errors.row_count:
        return None
    extras = _extras(reader, request, spans, extra) if extra else {}
    body = write_nested_trace(spans, errors, project_slugs=request.project_slugs, extras=extras)
    total = _span_total(reader, request, spans)
    error_total = _total(reader, request, spans, Dataset.ERRORS) if errors.was_cut else 0
    return NestedTrace(
        body=body,
        shown=spans.row_count + errors.row_count,
        total=total + max(error_total, errors.row_count),
    )


def ask_trace_columns(
    reader: TelemetryReader, request: TraceRequest, *, span_id: str = ""
) -> bytes | None:
    """Return the trace as columns, in JSON; None if it has no spans.

    The span named by `span_id` is among them, however many there are.
    """
    count_max = trace_columns.SPAN_COUNT_MAX
    trace = reader.packed_trace(
        TraceQuestion(request.trace_id, request.project_ids, count_max, span_id)
    )
    if not trace.rows:
        return None
    return write_trace_columns(
        trace.rows,
        trace_id=request.trace_id,
        project_slugs=request.project_slugs,
        total=trace.total,
    )


def ask_trace_meta(reader: TelemetryReader, request: TraceRequest) -> JsonObject | None:
    """Return how much there is of the trace; None if nothing of it is known."""
    spans = _spans(reader, request, trace_nested.SPAN_COUNT_MAX)
    by_op = _counts(reader, request, spans, "op", "span.op")
    by_segment = _counts(reader, request, spans, "segment_id", "segment.id")
    errors = _total(reader, request, spans, Dataset.ERRORS)
    logs = _total(reader, request, spans, Dataset.LOGS)
    if not (spans.row_count or errors or logs):
        return None
    return {
        "errors": errors,
        "logs": logs,
        "performance_issues": 0,
        "span_count": by_op.total(),
        "span_count_map": dict(by_op.most_common()),
        "transaction_child_count_map": [
            {"transaction.event_id": None if is_no_id(segment) else segment, "count()": count}
            for segment, count in sorted(by_segment.items())
        ],
    }


def ask_span(
    reader: TelemetryReader, *, trace_id: str, span_id: str, project_slugs: Mapping[int, str]
) -> JsonObject | None:
    """Return one span with all that is known of it; None if it is unknown."""
    answer = reader.span(SpanQuestion(trace_id, span_id, tuple(project_slugs)))
    if not answer.row_count:
        return None
    row = answer.rows()[0]
    project_id, start_ns = whole(row["project_id"]), whole(row["start_time"])
    duration_ns = whole(row["duration_ns"])
    return {
        **{name: row[name] for name in ("span_id", "name", "op", "description", "kind")},
        **{name: row[name] for name in ("status", "status_text", "status_message")},
        **{name: row[name] for name in ("service", "environment", "release", "platform")},
        "trace_id": trace_id,
        "parent_span_id": None if is_no_id(row["parent_span_id"]) else row["parent_span_id"],
        "segment_id": None if is_no_id(row["segment_id"]) else row["segment_id"],
        "segment_name": row["segment_name"],
        "is_segment": bool(row["is_segment"]),
        "protocol": row["protocol"],
        "origin": row["origin"],
        "project_id": project_id,
        "project_slug": project_slugs.get(project_id, str(project_id)),
        "start_timestamp": iso_time(start_ns),
        "end_timestamp": iso_time(start_ns + duration_ns),
        "duration_ns": duration_ns,
        "attributes": row["attributes"],
        "resource_attributes": row["resource_attributes"],
        "events": [_span_event(as_object(event)) for event in as_list(row["events"])],
        "links": row["links"],
    }


def _span_event(event: JsonObject) -> JsonObject:
    return {
        "timestamp": iso_time(whole(event["time"])),
        "name": event["name"],
        "attributes": event["attributes"],
    }


def of_traces(trace_ids: Sequence[str]) -> Compare:
    """Return the condition that a row belongs to one of the traces."""
    return Compare(Field("trace"), Operator.IN, tuple(trace_ids))


def _of(request: TraceRequest) -> Compare:
    return Compare(Field("trace"), Operator.EQUAL, (request.trace_id,))


def _spans(reader: TelemetryReader, request: TraceRequest, span_count_max: int) -> Answer:
    return reader.trace(TraceQuestion(request.trace_id, request.project_ids, span_count_max))


def _extras(
    reader: TelemetryReader, request: TraceRequest, spans: Answer, names: Sequence[str]
) -> dict[str, JsonObject]:
    """Return the named fields and attributes of each span that has them, by span."""
    columns = read_columns(list(names), MEANINGS["spans"])
    if any(is_of_group(column.selected) for column in columns):
        raise QuestionWrong("additional_attributes takes fields and attributes, no functions.")
    selected = tuple(dict.fromkeys((Field("span_id"), *(one.selected for one in columns))))
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.SPANS,
            project_ids=request.project_ids,
            time_range=_time_around(request, spans),
            selected=selected,
            where=_of(request),
            order=(Order(Field("timestamp")),),
            row_count_max=ROW_COUNT_MAX,
        )
    )
    shown = [(column, answer.columns[selected.index(column.selected)]) for column in columns]
    return {
        str(span_id): {
            column.name: value
            for column, values in shown
            if (value := show(values[row], column.kind, request.project_slugs)) is not None
        }
        for row, span_id in enumerate(answer.columns[0])
    }


def _time_around(request: TraceRequest, spans: Answer) -> TimeRange:
    """Return where the rest of the trace lies. Of a trace that was cut the end is unknown."""
    if not spans.row_count:
        return request.time_range
    columns = dict(zip(spans.names, spans.columns, strict=True))
    starts = [whole(value) for value in columns["start_time"]]
    ends = (
        start + whole(length) for start, length in zip(starts, columns["duration_ns"], strict=True)
    )
    end_ns = max(*ends, request.time_range.end_ns if spans.was_cut else 0)
    return TimeRange(max(0, min(starts) - _PADDING_NS), end_ns + _PADDING_NS)


def _error_question(request: TraceRequest, spans: Answer) -> RowQuestion:
    return RowQuestion(
        dataset=Dataset.ERRORS,
        project_ids=request.project_ids,
        time_range=_time_around(request, spans),
        selected=tuple(Field(name) for name in _ERROR_FIELDS),
        where=_of(request),
        order=(Order(Field("timestamp")), Order(Field("id"))),
        row_count_max=trace_nested.ERROR_COUNT_MAX,
    )


def _span_total(reader: TelemetryReader, request: TraceRequest, spans: Answer) -> int:
    if not spans.was_cut:
        return spans.row_count
    return _total(reader, request, spans, Dataset.SPANS)


def _total(reader: TelemetryReader, request: TraceRequest, spans: Answer, dataset: Dataset) -> int:
    answer = reader.rows(
        RowQuestion(
            dataset=dataset,
            project_ids=request.project_ids,
            time_range=_time_around(request, spans),
            selected=(Aggregate(Function.COUNT),),
            where=_of(request),
            row_count_max=1,
        )
    )
    return whole(answer.columns[0][0]) if answer.row_count else 0


def _counts(
    reader: TelemetryReader, request: TraceRequest, spans: Answer, column: str, field: str
) -> Counter[str]:
    """Count spans by a column: those at hand if they are all, else by the store."""
    if not spans.was_cut:
        place = spans.names.index(column)
        return Counter(str(value) for value in spans.columns[place])
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.SPANS,
            project_ids=request.project_ids,
            time_range=_time_around(request, spans),
            selected=(Field(field), Aggregate(Function.COUNT)),
            where=_of(request),
            row_count_max=trace_nested.SPAN_COUNT_MAX // 2,
        )
    )
    return Counter({str(row[field]): whole(row["count()"]) for row in answer.rows()})
