"""Whole traces and single spans, from the engine."""

import re
from dataclasses import dataclass
from typing import Final

import orjson

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer, PackedTrace
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.promoted import SPAN_COLUMNS
from vedette.model.question import SpanQuestion, TimeRange, TraceQuestion
from vedette.storage.telemetry.compile import time_conditions
from vedette.storage.telemetry.decode import Columns, decode_column, decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import TRACE_COLUMNS, QuestionRefused
from vedette.storage.telemetry.reader import cut
from vedette.storage.telemetry.tables.spans import SPANS

PADDING_NS: Final = 60 * NANOSECONDS_PER_SECOND
"""Spans may arrive between the look-up of the trace and the reading of its spans."""

SPAN_COUNT_MAX: Final = 1_000_000
BUCKET_S: Final = 600
"""The coarse time of the sorting key: ten minutes."""
BUCKETS_NAMED_MAX: Final = 200
"""A day and a half; traces that are longer are found by a range."""

SPAN_COLUMNS_SHOWN: Final = (
    *TRACE_COLUMNS,
    "attributes",
    "resource_attributes",
    "events",
    "links",
)

_AS_SHOWN: Final = {
    "span_id": "lower(hex(span_id))",
    "parent_span_id": "lower(hex(parent_span_id))",
    "segment_id": "lower(hex(segment_id))",
    "start_time": "toUnixTimestamp64Nano(spans.start_time)",
    "kind": "toString(kind)",
    "status": "toString(status)",
}
_TRACE_SELECTED: Final = ", ".join(
    f"{_AS_SHOWN.get(name, f'spans.{name}')} AS c{place}"
    for place, name in enumerate(TRACE_COLUMNS)
)
_TEXT_COLUMNS: Final = tuple(name for name in SPAN_COLUMNS if name != "http_status")
_DETAILS: Final = (
    "attr_str",
    "attr_num",
    "attr_bool",
    f"[{', '.join(f'toString({name})' for name in _TEXT_COLUMNS)}]",
    "http_status",
    "resource_id",
    "arrayMap(time -> toUnixTimestamp64Nano(time), event_times)",
    "event_names",
    "event_attributes",
    "arrayMap(id -> lower(hex(id)), link_trace_ids)",
    "arrayMap(id -> lower(hex(id)), link_span_ids)",
    "link_attributes",
)
# In the order in which `vedette.native.trace_columns` reads them.
_PACKED_SELECTED: Final = (
    "project_id, span_id, parent_span_id, start_time, duration_ns, received_at, kind, status,"
    " is_segment, name, op, service, environment, release, protocol, origin, status_text,"
    " description, status_message"
)
# Of a span that came twice, that which came first.
_EARLIEST_FIRST: Final = "ORDER BY spans.start_time, span_id, received_at\nLIMIT 1 BY span_id"
_SETTINGS: Final = (
    # The little there is to read is not worth waking another thread.
    "max_threads=1, use_statistics=0, optimize_move_to_prewhere=0, "
    # All columns of all rows are wanted: reading the sorted ones first would only read twice.
    "query_plan_optimize_lazy_materialization=0"
    # Every trace is asked once or twice: what is remembered of it helps nobody.
    ", use_query_condition_cache=0"
)
_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")
_SPAN_ID: Final = re.compile(r"[0-9a-f]{16}")


class TraceReader:
    """Answers about traces."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def trace(self, question: TraceQuestion) -> Answer:
        """Answer all spans of a trace; see the port."""
        _check(question)
        columns = self._spans(question, "", question.span_count_max, _TRACE_SELECTED)
        if columns is None:
            return _nothing(TRACE_COLUMNS)
        return cut(TRACE_COLUMNS, columns, question.span_count_max)

    def span(self, question: SpanQuestion) -> Answer:
        """Answer one span with everything that was kept of it; see the port."""
        if not _SPAN_ID.fullmatch(question.span_id.lower()):
            return _nothing(SPAN_COLUMNS_SHOWN)
        trace = TraceQuestion(question.trace_id, question.project_ids)
        selected = ", ".join((_TRACE_SELECTED, *_DETAILS))
        columns = self._spans(trace, question.span_id.lower(), 1, selected)
        if columns is None or not columns[0]:
            return _nothing(SPAN_COLUMNS_SHOWN)
        shown: list[JsonValue] = [column[0] for column in columns[: len(TRACE_COLUMNS)]]
        details = [column[0] for column in columns[len(TRACE_COLUMNS) :]]
        project_id, resource_id = shown[0], details[_DETAILS.index("resource_id")]
        shown += [
            _attributes(details),
            self._resource(project_id, resource_id),
            _events(*details[6:9]),
            _links(*details[9:12]),
        ]
        return Answer(SPAN_COLUMNS_SHOWN, tuple((value,) for value in shown))

    def packed_trace(self, question: TraceQuestion) -> PackedTrace:
        """Answer all spans of a trace in the packed form; see the port."""
        _check(question)
        extent = self._extent_of(question)
        if extent is None:
            return PackedTrace(b"")
        parameters = Parameters()
        text = f"SELECT {_PACKED_SELECTED}\nFROM spans\n{_prewhere(question, extent, parameters)}"
        if extent.span_count <= question.span_count_max:
            return PackedTrace(self._packed(text, parameters))
        text += f"\n{_EARLIEST_FIRST}\nLIMIT {question.span_count_max}"
        rows = self._packed(text, parameters) + self._packed_span(question, extent)
        return PackedTrace(rows, self._count(question, extent))

    def _packed(self, text: str, parameters: Parameters) -> bytes:
        return self._engine.ask(text, parameters.values, settings=_SETTINGS, form="RowBinary")

    def _count(self, question: TraceQuestion, extent: "_Extent") -> int:
        """Return how many spans of these projects there are, repeated ones too."""
        parameters = Parameters()
        text = f"SELECT count() FROM spans\n{_prewhere(question, extent, parameters)}"
        count = decode_column(self._engine.ask(text, parameters.values, settings=_SETTINGS))[0]
        assert isinstance(count, int)
        return count

    def _packed_span(self, question: TraceQuestion, extent: "_Extent") -> bytes:
        """Return the span that is wanted whatever else is cut; it may be there already."""
        if not _SPAN_ID.fullmatch(question.span_id):
            return b""
        parameters = Parameters()
        where = _prewhere(question, extent, parameters)
        span_id = f"span_id = toFixedString(unhex({parameters.text(question.span_id)}), 8)"
        text = f"SELECT {_PACKED_SELECTED}\nFROM spans\n{where}\nWHERE {span_id}\nLIMIT 1"
        return self._packed(text, parameters)

    def _spans(
        self, question: TraceQuestion, span_id: str, count_max: int, selected: str
    ) -> Columns | None:
        """Return spans of a trace, oldest first, one more than asked for; None: unknown trace."""
        extent = self._extent_of(question)
        if extent is None:
            return None
        parameters = Parameters()
        where = _prewhere(question, extent, parameters)
        if span_id:
            where += f"\nWHERE span_id = toFixedString(unhex({parameters.text(span_id)}), 8)"
        text = f"SELECT {selected}\nFROM spans\n{where}\n{_EARLIEST_FIRST}\nLIMIT {count_max + 1}"
        answer = self._engine.ask(text, parameters.values, settings=_SETTINGS)
        return decode_columns(answer, len(TRACE_COLUMNS) + (len(_DETAILS) if span_id else 0))

    def _extent_of(self, question: TraceQuestion) -> "_Extent | None":
        """Return where in time a trace lies; None if it is unknown."""
        trace_id = question.trace_id.lower()
        if not _TRACE_ID.fullmatch(trace_id) or not question.project_ids:
            return None
        # A row for each part of the table that has spans of it, a handful: they are summed here,
        # because planning an aggregation takes longer than doing it.
        answer = self._engine.ask(
            "SELECT toUnixTimestamp64Nano(traces.start_time), toUnixTimestamp64Nano(end_time),"
            " span_count FROM traces"
            " PREWHERE trace_id = toFixedString(unhex({trace_id:String}), 16)",
            {"trace_id": trace_id},
            settings=_SETTINGS,
        )
        starts, ends, counts = (
            [whole for whole in column if isinstance(whole, int)]
            for column in decode_columns(answer, 3)
        )
        if not starts:
            return None
        return _Extent(min(starts) - PADDING_NS, max(ends) + PADDING_NS, sum(counts))

    def _resource(self, project_id: JsonValue, resource_id: JsonValue) -> JsonObject:
        assert isinstance(project_id, int)
        assert isinstance(resource_id, int)
        answer = self._engine.ask(
            "SELECT attr_str, attr_num, attr_bool FROM resources"
            " WHERE project_id = {project_id:UInt32} AND resource_id = {resource_id:UInt64}"
            " LIMIT 1",
            {"project_id": project_id, "resource_id": resource_id},
        )
        return _merged(*(column[0] if column else {} for column in decode_columns(answer, 3)))


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where in time a trace lies, and how many rows it has, repeated ones too."""

    start_ns: int
    end_ns: int
    span_count: int


def _check(question: TraceQuestion) -> None:
    if not 1 <= question.span_count_max <= SPAN_COUNT_MAX:
        raise QuestionRefused(f"a trace is read up to 1 to {SPAN_COUNT_MAX} spans")


def _prewhere(question: TraceQuestion, extent: _Extent, parameters: Parameters) -> str:
    """Return the condition that finds a trace's granules by the sorting key.

    The coarse times are named one by one, which the engine looks up faster than a range; exact
    times would find nothing less. Everything stands in PREWHERE, so that the engine need not
    weigh what belongs there.
    """
    step = BUCKET_S * NANOSECONDS_PER_SECOND
    first, last = extent.start_ns // step, extent.end_ns // step
    if last - first < BUCKETS_NAMED_MAX:
        buckets = tuple(number * BUCKET_S for number in range(first, last + 1))
        time = f"toStartOfTenMinutes(start_time) IN {parameters.add(buckets, 'Array(UInt32)')}"
    else:
        within = TimeRange(extent.start_ns, extent.end_ns)
        time = "\n  AND ".join(time_conditions(SPANS, within, parameters))
    projects = parameters.add(question.project_ids, "Array(UInt32)")
    trace_id = parameters.text(question.trace_id.lower())
    return (
        f"PREWHERE project_id IN {projects}\n  AND {time}"
        f"\n  AND trace_id = toFixedString(unhex({trace_id}), 16)"
    )


def _nothing(names: tuple[str, ...]) -> Answer:
    return Answer(names, tuple(() for _ in names))


def _merged(*maps: JsonValue) -> JsonObject:
    return {key: value for each in maps if isinstance(each, dict) for key, value in each.items()}


def _attributes(details: list[JsonValue]) -> JsonObject:
    """Return all attributes of a span, promoted ones under the name they are shown under."""
    found = dict(_merged(*details[:3]))
    texts, http_status = details[3], details[4]
    assert isinstance(texts, list)
    for name, value in zip(_TEXT_COLUMNS, texts, strict=True):
        if value:
            found[SPAN_COLUMNS[name][0]] = value
    if http_status:
        found[SPAN_COLUMNS["http_status"][0]] = http_status
    return found


def _events(times: JsonValue, names: JsonValue, attributes: JsonValue) -> list[JsonValue]:
    assert isinstance(times, list)
    assert isinstance(names, list)
    assert isinstance(attributes, list)
    return [
        {"time": time, "name": name, "attributes": _object(text)}
        for time, name, text in zip(times, names, attributes, strict=True)
    ]


def _links(trace_ids: JsonValue, span_ids: JsonValue, attributes: JsonValue) -> list[JsonValue]:
    assert isinstance(trace_ids, list)
    assert isinstance(span_ids, list)
    assert isinstance(attributes, list)
    return [
        {"trace_id": trace_id, "span_id": span_id, "attributes": _object(text)}
        for trace_id, span_id, text in zip(trace_ids, span_ids, attributes, strict=True)
    ]


def _object(text: JsonValue) -> JsonValue:
    """Return attributes that lie in the table as JSON; text that is none is shown as it is."""
    assert isinstance(text, str)
    if not text:
        return {}
    try:
        found: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {"": text}
    return found
