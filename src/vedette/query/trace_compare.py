"""Two traces side by side, by what they did; or one beside a typical one of its operation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject
from vedette.model.question import (
    AllOf,
    Compare,
    Dataset,
    Field,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
    TraceQuestion,
)
from vedette.model.service_question import OperationGroup, OperationsQuestion
from vedette.native import trace_groups
from vedette.query.payload import as_object, whole
from vedette.query.trace_list import trace_summaries
from vedette.storage.telemetry.port import TelemetryReader

if TYPE_CHECKING:
    from collections.abc import Sequence

SPAN_COUNT_MAX: Final = 200_000
ROW_COUNT_MAX: Final = 1_000
AROUND_NS: Final = 43_200 * NANOSECONDS_PER_SECOND
"""Half a day before and after: what is typical is typical of a time."""
TYPICAL_SHARE: Final = 0.1
"""A typical trace takes as long as the median, give or take this part."""

_VARIABLE: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f-]{8,}|[0-9]+")
_FIGURES: Final = ("count", "errorCount", "totalNs", "selfNs", "criticalNs")

Key = tuple[str, str, str]
Figures = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Summed:
    """A trace by what it did."""

    span_count: int
    duration_ns: int
    by_key: Mapping[Key, Figures]
    """By service, op and name, numbers and ids in it being a star."""
    is_whole: bool


def ask_comparison(
    reader: TelemetryReader, *, one: str, other: str, project_slugs: Mapping[int, str]
) -> JsonObject | None:
    """Compare two traces; `other` may be empty: a typical one of its operation is looked for.

    None if one of both is unknown, or nothing typical was found.
    """
    is_typical = not other
    other = other or _typical(reader, one, project_slugs)
    first = _summed(reader, one, tuple(project_slugs))
    second = _summed(reader, other, tuple(project_slugs)) if other else None
    if first is None or second is None:
        return None
    rows = compare(first.by_key, second.by_key)
    summaries = trace_summaries(reader, (one, other), project_slugs)
    return {
        "a": {**summaries.get(one, {"traceId": one}), "isWhole": first.is_whole},
        "b": {**summaries.get(other, {"traceId": other}), "isWhole": second.is_whole},
        "isTypical": is_typical,
        "shown": min(len(rows), ROW_COUNT_MAX),
        "total": len(rows),
        "rows": [*rows[:ROW_COUNT_MAX]],
    }


def compare(one: Mapping[Key, Figures], other: Mapping[Key, Figures]) -> list[JsonObject]:
    """Return a row for each thing that either did, the largest difference first.

    What counts is the critical path: what was slower there made the whole slower.
    """
    nothing: Figures = (0, 0, 0, 0, 0)
    rows: list[tuple[tuple[int, int], Key, JsonObject]] = []
    for key in one.keys() | other.keys():
        a, b = one.get(key, nothing), other.get(key, nothing)
        service, op, name = key
        rows.append(
            (
                (-abs(a[4] - b[4]), -abs(a[2] - b[2])),
                key,
                {
                    "service": service,
                    "op": op,
                    "name": name,
                    "a": dict(zip(_FIGURES, a, strict=True)) if key in one else None,
                    "b": dict(zip(_FIGURES, b, strict=True)) if key in other else None,
                    "criticalDifferenceNs": a[4] - b[4],
                    "totalDifferenceNs": a[2] - b[2],
                },
            )
        )
    return [row for _, _, row in sorted(rows, key=lambda each: each[:2])]


def _summed(reader: TelemetryReader, trace_id: str, project_ids: tuple[int, ...]) -> Summed | None:
    packed = reader.packed_trace(TraceQuestion(trace_id, project_ids, SPAN_COUNT_MAX))
    if not packed.rows:
        return None
    (count, start_ns, end_ns), groups = trace_groups(packed.rows)
    by_key: dict[Key, Figures] = {}
    for service, op, name, *figures in groups:
        key = (service, op, _VARIABLE.sub("*", name))
        so_far: Sequence[int] = by_key.get(key, (0, 0, 0, 0, 0))
        calls, errors, total, own, critical = map(int.__add__, so_far, figures)
        by_key[key] = (calls, errors, total, own, critical)
    return Summed(count, end_ns - start_ns, by_key, is_whole=not packed.total)


def _typical(reader: TelemetryReader, trace_id: str, project_slugs: Mapping[int, str]) -> str:
    """Return the newest trace with the same root that takes about as long as the median."""
    summary = trace_summaries(reader, (trace_id,), project_slugs).get(trace_id)
    if summary is None:
        return ""
    root = as_object(summary["root"])
    start_ns = int(str(summary["startNs"]))
    around = TimeRange(max(0, start_ns - AROUND_NS), start_ns + AROUND_NS)
    service, name = str(root["service"]), str(root["name"])
    figures = reader.operations(
        OperationsQuestion(
            tuple(project_slugs),
            around,
            group_by=(OperationGroup.OPERATION,),
            service=service,
            is_entry=None,
        )
    )
    shape = _VARIABLE.sub("*", name)
    medians = [row["p50"] for row in figures.rows() if row["operation"] == shape]
    if not medians:
        return ""
    median_ns = whole(medians[0])
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.SPANS,
            project_ids=tuple(project_slugs),
            time_range=around,
            selected=(Field("trace"), Field("timestamp")),
            where=AllOf(
                (
                    Compare(Field("service"), Operator.EQUAL, (service,)),
                    Compare(Field("span.name"), Operator.EQUAL, (name,)),
                    Compare(
                        Field("span.duration"),
                        Operator.GREATER_OR_EQUAL,
                        (int(median_ns * (1 - TYPICAL_SHARE)),),
                    ),
                    Compare(
                        Field("span.duration"),
                        Operator.LESS_OR_EQUAL,
                        (int(median_ns * (1 + TYPICAL_SHARE)) + 1,),
                    ),
                    Compare(Field("trace"), Operator.NOT_EQUAL, (trace_id,)),
                )
            ),
            order=(Order(Field("timestamp"), is_descending=True),),
            row_count_max=1,
        )
    )
    return str(answer.columns[0][0]) if answer.row_count else ""
