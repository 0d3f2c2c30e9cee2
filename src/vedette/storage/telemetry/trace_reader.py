"""Whole traces and single spans, from the engine."""

import re
from typing import Final

import orjson

from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.promoted import SPAN_COLUMNS
from vedette.model.question import SpanQuestion, TimeRange, TraceQuestion
from vedette.storage.telemetry.compile import time_conditions
from vedette.storage.telemetry.decode import Columns, decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import TRACE_COLUMNS, QuestionRefused
from vedette.storage.telemetry.reader import cut
from vedette.storage.telemetry.tables.spans import SPANS

PADDING_NS: Final = 60 * 1_000_000_000
"""Spans may arrive between the look-up of the trace and the reading of its spans."""

SPAN_COUNT_MAX: Final = 1_000_000

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
_SETTINGS: Final = (
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
        if not 1 <= question.span_count_max <= SPAN_COUNT_MAX:
            raise QuestionRefused(f"a trace is read up to 1 to {SPAN_COUNT_MAX} spans")
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

    def _spans(
        self, question: TraceQuestion, span_id: str, count_max: int, selected: str
    ) -> Columns | None:
        """Return spans of a trace, oldest first, one more than asked for; None: unknown trace."""
        trace_id = question.trace_id.lower()
        if not _TRACE_ID.fullmatch(trace_id) or not question.project_ids:
            return None
        time_range = self._time_of(trace_id)
        if time_range is None:
            return None
        parameters = Parameters()
        id_sql = f"toFixedString(unhex({parameters.text(trace_id)}), 16)"
        conditions = [
            f"project_id IN {parameters.add(question.project_ids, 'Array(UInt32)')}",
            *time_conditions(SPANS, time_range, parameters),
            f"trace_id = {id_sql}",
        ]
        if span_id:
            conditions.append(f"span_id = toFixedString(unhex({parameters.text(span_id)}), 8)")
        text = "\n".join(
            (
                f"SELECT {selected}",
                "FROM spans",
                "WHERE " + "\n  AND ".join(conditions),
                # Of a span that came twice, that which came first.
                "ORDER BY spans.start_time, span_id, received_at",
                "LIMIT 1 BY span_id",
                f"LIMIT {count_max + 1}",
            )
        )
        answer = self._engine.ask(text, parameters.values, settings=_SETTINGS)
        return decode_columns(answer, len(TRACE_COLUMNS) + (len(_DETAILS) if span_id else 0))

    def _time_of(self, trace_id: str) -> TimeRange | None:
        """Return where in time a trace lies."""
        answer = self._engine.ask(
            "SELECT toUnixTimestamp64Nano(min(start_time)), toUnixTimestamp64Nano(max(end_time)),"
            " count() FROM traces WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)",
            {"trace_id": trace_id},
        )
        start, end, count = (column[0] for column in decode_columns(answer, 3))
        if not count:
            return None
        assert isinstance(start, int)
        assert isinstance(end, int)
        return TimeRange(start - PADDING_NS, end + PADDING_NS)

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
