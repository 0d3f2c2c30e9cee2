"""Some whole traces at once, from the engine."""

from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.promoted import SPAN_COLUMNS
from vedette.model.question import TimeRange
from vedette.storage.telemetry.compile import time_conditions
from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.detection_port import (
    JUDGED_COLUMNS,
    TRACE_COUNT_MAX,
    TracesQuestion,
)
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.tables.spans import SPANS

PADDING_NS: Final = 60 * NANOSECONDS_PER_SECOND
"""Spans may arrive between the look-up of the traces and the reading of their spans."""

_AS_JUDGED: Final = {
    "trace_id": "lower(hex(trace_id))",
    "span_id": "lower(hex(span_id))",
    "parent_span_id": "if(parent_span_id = toFixedString('', 8), '', lower(hex(parent_span_id)))",
    "start_time": "toUnixTimestamp64Nano(start_time)",
    "kind": "toString(kind)",
    "status": "toString(status)",
}
_TEXT_COLUMNS: Final = tuple(name for name in SPAN_COLUMNS if name != "http_status")
_MAPS: Final = (
    "attr_str",
    "attr_num",
    "attr_bool",
    f"[{', '.join(f'toString({name})' for name in _TEXT_COLUMNS)}]",
    "http_status",
)
_PLAIN: Final = JUDGED_COLUMNS[:-1]
_SELECTED: Final = ", ".join(
    f"{sql} AS c{place}"
    for place, sql in enumerate((*(_AS_JUDGED.get(name, name) for name in _PLAIN), *_MAPS))
)
_IDS: Final = "(SELECT toFixedString(unhex(arrayJoin({ids})), 16))"
_SETTINGS: Final = "max_threads=1, use_statistics=0, use_query_condition_cache=0"


class DetectionReader:
    """Answers the traces that are to be judged."""

    _engine: Engine

    def judged_traces(self, question: TracesQuestion) -> Answer:
        """Answer spans with their attributes, trace by trace; see the port."""
        if len(question.trace_ids) > TRACE_COUNT_MAX:
            raise QuestionRefused(f"at most {TRACE_COUNT_MAX} traces are judged at once")
        extent = self._extent_of_traces(question)
        if extent is None:
            return Answer(JUDGED_COLUMNS, tuple(() for _ in JUDGED_COLUMNS))
        parameters = Parameters()
        projects = parameters.add(question.project_ids, "Array(UInt32)")
        ids = _IDS.format(ids=parameters.texts(question.trace_ids))
        time = "\n  AND ".join(time_conditions(SPANS, extent, parameters))
        most = parameters.add(question.span_count_max, "UInt64")
        text = (
            f"SELECT {_SELECTED}\nFROM spans\n"
            f"PREWHERE project_id IN {projects}\n  AND {time}\n  AND trace_id IN {ids}\n"
            f"ORDER BY trace_id, spans.start_time\nLIMIT {most} BY trace_id"
        )
        answer = self._engine.ask(text, parameters.values, settings=_SETTINGS)
        columns = decode_columns(answer, len(_PLAIN) + len(_MAPS))
        plain, maps = columns[: len(_PLAIN)], columns[len(_PLAIN) :]
        attributes = tuple(_attributes(*each) for each in zip(*maps, strict=True))
        return Answer(JUDGED_COLUMNS, (*(tuple(each) for each in plain), attributes))

    def _extent_of_traces(self, question: TracesQuestion) -> TimeRange | None:
        """Return where in time the traces lie; None if they are unknown."""
        if not question.trace_ids or not question.project_ids:
            return None
        parameters = Parameters()
        ids = _IDS.format(ids=parameters.texts(question.trace_ids))
        answer = self._engine.ask(
            "SELECT toUnixTimestamp64Nano(min(traces.start_time)),"
            " toUnixTimestamp64Nano(max(traces.end_time)), count()"
            f" FROM traces PREWHERE trace_id IN {ids}",
            parameters.values,
            settings=_SETTINGS,
        )
        starts, ends, counts = decode_columns(answer, 3)
        start_ns, end_ns = starts[0], ends[0]
        if not counts[0] or not isinstance(start_ns, int) or not isinstance(end_ns, int):
            return None
        return TimeRange(start_ns - PADDING_NS, end_ns + PADDING_NS)


def _attributes(
    texts: JsonValue, numbers: JsonValue, flags: JsonValue, promoted: JsonValue, status: JsonValue
) -> JsonObject:
    found: dict[str, JsonValue] = {}
    for each in (texts, numbers, flags):
        if isinstance(each, dict):
            found |= each
    assert isinstance(promoted, list)
    for name, value in zip(_TEXT_COLUMNS, promoted, strict=True):
        if value:
            found[SPAN_COLUMNS[name][0]] = value
    if status:
        found[SPAN_COLUMNS["http_status"][0]] = status
    return found
