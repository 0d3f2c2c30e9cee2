"""The answer to a question about metrics: one of them, or two put together by a formula."""

from collections.abc import Callable
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.metric_query import MetricRequest, MetricSeries, ask_metric
from vedette.query.refusal import QuestionWrong
from vedette.storage.telemetry.port import TelemetryReader

FORMULAS: Final[dict[str, Callable[[float, float], float]]] = {
    "a+b": lambda a, b: a + b,
    "a-b": lambda a, b: a - b,
    "a*b": lambda a, b: a * b,
    "a/b": lambda a, b: a / b,
    "b/a": lambda a, b: b / a,
}


def ask_metrics(
    reader: TelemetryReader, first: MetricRequest, second: MetricRequest | None, formula: str
) -> JsonObject:
    """Return the lines of the first metric, or of both under a formula.

    Raises:
        QuestionWrong: A name is not understood, or there are too many series or points.
        SearchError: A search is wrong.
        TelemetryError: The store could not answer.
    """
    if second is None:
        found = ask_metric(reader, first)
        lines = {line.group: line.values for line in found.lines}
        return _shape(found, lines, first, first.aggregate)
    put_together = FORMULAS.get(formula.replace(" ", ""))
    if put_together is None:
        raise QuestionWrong(f"formula must be one of {', '.join(FORMULAS)}")
    found, other = ask_metric(reader, first), ask_metric(reader, second)
    theirs = {line.group: line.values for line in other.lines}
    lines = {
        line.group: [
            _of_both(put_together, mine, their)
            for mine, their in zip(line.values, theirs[line.group], strict=True)
        ]
        for line in found.lines
        if line.group in theirs
    }
    return _shape(found, lines, first, formula)


def _of_both(
    put_together: Callable[[float, float], float], a: float | None, b: float | None
) -> float | None:
    if a is None or b is None:
        return None
    try:
        return put_together(a, b)
    except (ZeroDivisionError, OverflowError):
        return None


def _shape(
    found: MetricSeries,
    lines: dict[tuple[JsonValue, ...], list[float | None]],
    request: MetricRequest,
    figure: str,
) -> JsonObject:
    keys = list(dict.fromkeys(request.group_by))
    kind = found.kind
    return {
        "name": request.name,
        "figure": figure,
        "type": kind.type if kind else None,
        "temporality": kind.temporality if kind else None,
        "interval": found.steps.length_ns // 1_000_000,
        "times": [time_ns // 1_000_000 for time_ns in found.steps.times_ns()],
        "lines": [
            {"group": dict(zip(keys, group, strict=True)), "values": list(values)}
            for group, values in lines.items()
        ],
        "groupCount": found.group_count,
        "isCut": found.group_count > len(found.lines),
        "seriesCount": found.series_count,
        "pointCount": found.point_count,
        "exemplars": list(found.exemplars),
    }
