"""How far a figure may be trusted that speaks for rows which were sampled away."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vedette.model.json_value import JsonValue
from vedette.model.question import Aggregate, Constant, Formula, Function, Measure, Selected

MEASURE: Final = (
    "high: nothing was sampled away; or the 95 % interval of the count (Horvitz-Thompson) reaches"
    " at most 25 % to either side; for averages and percentiles, at least 30 rows of equal weight,"
    " and 5 beyond the percentile. low: anything else. Extremes and unique counts of sampled rows"
    " are always low."
)
_NORMAL_95: Final = 1.96
_RELATIVE_WIDTH_MAX: Final = 0.25
_ROWS_MIN: Final = 30
_ROWS_BEYOND_MIN: Final = 5
_FULL: Final = 1e-6
"""Rounding of sample rates: closer than this to full is full."""
_COUNTED: Final = (Function.SAMPLE_COUNT, Function.COUNT, Function.WEIGHT_SQUARES)
_OF_ESTIMATES: Final = (Function.AVG, Function.PERCENTILE)
_OF_EXTREMES: Final = (Function.MIN, Function.MAX, Function.COUNT_UNIQUE)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of one figure of one group."""

    sample_count: int
    """Rows that it was made of."""
    sample_rate: float | None
    """Which share of what happened they are; None: there are none."""
    confidence: str | None


def companions(measures: Iterable[Selected]) -> tuple[Aggregate, ...]:
    """Return what must be asked beside the measures to know their accuracy, each once."""
    found = [
        replace(_rows_of(aggregate), function=function)
        for measure in measures
        if isinstance(measure, Aggregate | Formula)
        for aggregate in _aggregates(measure)
        for function in _COUNTED
    ]
    return tuple(dict.fromkeys(found))


def accuracy_of(measure: Selected, values: Mapping[Selected, JsonValue]) -> Accuracy:
    """Return the accuracy of a measure, given the values of its companions."""
    if not isinstance(measure, Aggregate | Formula):
        return Accuracy(0, None, None)
    parts = [_accuracy(each, values) for each in _aggregates(measure)]
    # A formula is as good as the worst of its parts, and made of as much as the largest.
    largest = max(parts, key=lambda part: part.sample_count)
    marks = [part.confidence for part in parts if part.confidence is not None]
    return replace(largest, confidence="low" if "low" in marks else next(iter(marks), None))


def _accuracy(aggregate: Aggregate, values: Mapping[Selected, JsonValue]) -> Accuracy:
    counted = [
        _float(values.get(replace(_rows_of(aggregate), function=function))) for function in _COUNTED
    ]
    rows, weight, squares = counted
    if rows < 1 or weight <= 0:
        return Accuracy(0, None, None)
    is_high = weight - rows < rows * _FULL or _is_close(aggregate, weight, squares)
    return Accuracy(int(rows), min(1.0, rows / weight), "high" if is_high else "low")


def _is_close(aggregate: Aggregate, weight: float, squares: float) -> bool:
    if aggregate.function in _OF_EXTREMES:
        return False
    if aggregate.function in _OF_ESTIMATES:
        equal_rows = weight * weight / squares
        share = 0.5 if aggregate.share is None else aggregate.share
        beyond = equal_rows * min(share, 1 - share)
        return equal_rows >= _ROWS_MIN and beyond >= _ROWS_BEYOND_MIN
    variance = max(0.0, squares - weight)
    return _NORMAL_95 * math.sqrt(variance) / weight <= _RELATIVE_WIDTH_MAX


def _rows_of(aggregate: Aggregate) -> Aggregate:
    """Return the count of the rows that an aggregate is made of."""
    return Aggregate(Function.COUNT, aggregate.subject, where=aggregate.where)


def _aggregates(measure: Measure) -> Sequence[Aggregate]:
    match measure:
        case Aggregate():
            return [measure]
        case Formula(_, left, right):
            return [*_aggregates(left), *_aggregates(right)]
        case Constant():
            return []


def _float(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
