"""Several traces at once: what lists show of each, and how they are linked."""

import re
from collections.abc import Sequence
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.service_question import LinksQuestion, TraceSummariesQuestion
from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import cut
from vedette.storage.telemetry.trace_list_port import (
    LINK_COLUMNS,
    SERVICE_COUNT_MAX,
    SUMMARY_COLUMNS,
    TRACE_COUNT_MAX,
)

LINK_ROW_COUNT_MAX: Final = 10_000
PADDING_S: Final = 60
BUCKET_S: Final = 600
BUCKET_COUNT_MAX: Final = 10_000
"""Ten weeks in steps of ten minutes; of traces that are longer only the begin is looked at."""

_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")
_IS_ROOT: Final = "parent = toFixedString('', 8)"
_AS_SHOWN: Final = {
    "trace_id": "lower(hex(trace_id))",
    "span_id": "lower(hex(span_id))",
    "other_trace_id": "lower(hex(other_trace_id))",
    "other_span_id": "lower(hex(other_span_id))",
    "is_before": "toUInt8(is_before)",
    "time": "toUnixTimestamp64Nano(trace_links.time)",
    "kind": "toString(kind)",
}


class TraceListReader:
    """Answers about several traces."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def links(self, question: LinksQuestion) -> Answer:
        """Answer the links of some traces; see the port."""
        trace_ids = checked_ids(question.trace_ids)
        if not 1 <= question.row_count_max <= LINK_ROW_COUNT_MAX:
            raise QuestionRefused(f"an answer has 1 to {LINK_ROW_COUNT_MAX} links")
        if not trace_ids or not question.project_ids:
            return Answer(LINK_COLUMNS, tuple(() for _ in LINK_COLUMNS))
        parameters = Parameters()
        shown = ", ".join(
            f"{_AS_SHOWN.get(name, name)} AS c{place}" for place, name in enumerate(LINK_COLUMNS)
        )
        text = (
            f"SELECT {shown}\nFROM trace_links\n"
            f"PREWHERE trace_id IN {_ids(trace_ids, parameters)}\n"
            f"WHERE project_id IN {parameters.add(question.project_ids, 'Array(UInt32)')}\n"
            "ORDER BY trace_links.time, trace_links.span_id, other_span_id\n"
            # Of a span that came twice, once.
            "LIMIT 1 BY trace_id, span_id, other_trace_id, other_span_id, is_before\n"
            f"LIMIT {question.row_count_max + 1}"
        )
        answer = self._engine.ask(text, parameters.values)
        return cut(LINK_COLUMNS, decode_columns(answer, len(LINK_COLUMNS)), question.row_count_max)

    def trace_summaries(self, question: TraceSummariesQuestion) -> Answer:
        """Answer what lists show of traces; see the port."""
        nothing = Answer(SUMMARY_COLUMNS, tuple(() for _ in SUMMARY_COLUMNS))
        trace_ids = checked_ids(question.trace_ids)
        if not trace_ids or not question.project_ids:
            return nothing
        buckets = self._buckets(trace_ids)
        if not buckets:
            return nothing
        parameters = Parameters()
        projects = parameters.add(question.project_ids, "Array(UInt32)")
        text = (
            f"SELECT {_SUMMARY}\nFROM\n("
            # A span that came twice counts once.
            "SELECT trace_id, span_id, any(spans.parent_span_id) AS parent,"
            " min(spans.start_time) AS start, any(duration_ns) AS duration,"
            " any(status) AS status_, any(service) AS service_, any(project_id) AS project,"
            " any(name) AS name_, any(op) AS op_\nFROM spans\n"
            f"PREWHERE project_id IN {projects}\n"
            f"  AND toStartOfTenMinutes(start_time) IN {parameters.add(buckets, 'Array(UInt32)')}\n"
            f"  AND trace_id IN {_ids(trace_ids, parameters)}\n"
            "GROUP BY trace_id, span_id)\nGROUP BY trace_id"
        )
        answer = self._engine.ask(
            text, parameters.values, settings="use_query_condition_cache=0, use_statistics=0"
        )
        columns = decode_columns(answer, len(SUMMARY_COLUMNS))
        return Answer(SUMMARY_COLUMNS, tuple(tuple(column) for column in columns))

    def _buckets(self, trace_ids: Sequence[str]) -> tuple[int, ...]:
        """Return the coarse times, in seconds, in which these traces lie."""
        parameters = Parameters()
        answer = self._engine.ask(
            "SELECT toInt64(toUnixTimestamp64Nano(traces.start_time)),"
            " toInt64(toUnixTimestamp64Nano(end_time)) FROM traces"
            f" PREWHERE trace_id IN {_ids(trace_ids, parameters)}",
            parameters.values,
        )
        found: set[int] = set()
        for start_ns, end_ns in zip(*decode_columns(answer, 2), strict=True):
            assert isinstance(start_ns, int)
            assert isinstance(end_ns, int)
            first = (start_ns // NANOSECONDS_PER_SECOND - PADDING_S) // BUCKET_S
            last = (end_ns // NANOSECONDS_PER_SECOND + PADDING_S) // BUCKET_S
            room = BUCKET_COUNT_MAX - len(found)
            found.update(range(first, min(last, first + room) + 1))
        return tuple(sorted(number * BUCKET_S for number in found if number >= 0))


_SUMMARY: Final = ", ".join(
    (
        "lower(hex(trace_id)) AS id",
        "toUnixTimestamp64Nano(min(start))",
        "max(toUnixTimestamp64Nano(start) + toInt64(duration))",
        "count()",
        "countIf(status_ = 'error')",
        f"arraySort(groupUniqArray({SERVICE_COUNT_MAX})(service_))",
        "arraySort(groupUniqArray(project))",
        "lower(hex(argMin(span_id, root_key)))",
        "argMin(name_, root_key)",
        "argMin(op_, root_key)",
        "argMin(service_, root_key)",
        "argMin(project, root_key)",
        "argMin(duration, root_key)",
        f"toUInt8(countIf({_IS_ROOT}) > 0)",
    )
).replace("root_key", f"(NOT ({_IS_ROOT}), start, span_id)")


def checked_ids(trace_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that can be some; refuse too many. The fake does the same."""
    if len(trace_ids) > TRACE_COUNT_MAX:
        raise QuestionRefused(f"a question is about at most {TRACE_COUNT_MAX} traces")
    lower = (each.lower() for each in trace_ids)
    return tuple(dict.fromkeys(each for each in lower if _TRACE_ID.fullmatch(each)))


def _ids(trace_ids: Sequence[str], parameters: Parameters) -> str:
    texts = parameters.texts(tuple(trace_ids))
    return f"(SELECT toFixedString(unhex(arrayJoin({texts})), 16))"
