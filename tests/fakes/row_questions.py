"""Questions answered slowly and plainly from rows in memory: what the engine must agree with."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any, Final, assert_never

from tests.fakes.row_subjects import (
    MAIN_TEXTS,
    Place,
    Row,
    Typed,
    Value,
    row_time_ns,
    subject_values,
)
from vedette.model.answer import Answer
from vedette.model.question import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Attribute,
    Compare,
    CompareMeasure,
    Condition,
    Constant,
    Contains,
    Dataset,
    Field,
    Formula,
    Function,
    Has,
    LogStep,
    Measure,
    Not,
    Operator,
    Order,
    RowQuestion,
    Scalar,
    Selected,
    Subject,
    TimeStep,
    is_of_group,
)
from vedette.storage.telemetry.compile import name_of

_ORDERINGS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    Operator.LESS: lt,
    Operator.LESS_OR_EQUAL: le,
    Operator.GREATER: gt,
    Operator.GREATER_OR_EQUAL: ge,
    Operator.EQUAL: eq,
    Operator.IN: eq,
}


def answer_rows(question: RowQuestion, rows: Iterable[Row], place: Place) -> Answer:
    """Answer a question from those rows that are of its projects and time."""
    found = [row for row in rows if holds(question.where, row, place)]
    place = replace(place, is_extrapolated=question.is_extrapolated)
    if any(is_of_group(each) or isinstance(each, _STEPS) for each in question.selected):
        groups = [
            group
            for group in _groups(question, found, place)
            if all(_holds_of_group(each, group, place) for each in question.having)
        ]
    else:
        groups = [[row] for row in found]
    for order in reversed(question.order):
        groups = _sorted(groups, order, place)
    names = tuple(name_of(each) for each in question.selected)
    page = groups[question.row_offset : question.row_offset + question.row_count_max]
    return Answer(
        names,
        tuple(tuple(_shown(each, group, place) for group in page) for each in question.selected),
        was_cut=len(groups) > question.row_offset + question.row_count_max,
    )


def holds(condition: Condition, row: Row, place: Place) -> bool:
    """Tell whether a condition holds for a row."""
    match condition:
        case AllOf(conditions):
            return all(holds(each, row, place) for each in conditions)
        case AnyOf(conditions):
            return any(holds(each, row, place) for each in conditions)
        case Not(inner):
            return not holds(inner, row, place)
        case Contains(text):
            return text.lower() in MAIN_TEXTS[place.dataset](row).lower()
        case Has(subject):
            return any(each.is_there for each in subject_values(row, subject, place))
        case Compare(subject, operator, values):
            candidates = subject_values(row, subject, place)
            return _compares(operator, values, candidates)
        case _ as unreachable:
            assert_never(unreachable)


def _compares(operator: Operator, values: Sequence[Scalar], candidates: list[Typed]) -> bool:
    match operator:
        case Operator.NOT_EQUAL:
            return not _compares(Operator.EQUAL, values, candidates)
        case Operator.NOT_IN:
            return not _compares(Operator.IN, values, candidates)
        case Operator.NOT_LIKE:
            return not _compares(Operator.LIKE, values, candidates)
        case _:
            is_only = len(candidates) == 1
            return any(
                _compares_one(operator, value, candidate, is_only=is_only)
                for value in values
                for candidate in candidates
            )


def _compares_one(operator: Operator, value: Scalar, candidate: Typed, *, is_only: bool) -> bool:
    own = candidate.value
    is_order = operator not in (Operator.EQUAL, Operator.IN, Operator.LIKE)
    meant = value if is_only or is_order else _meant(value, candidate.kind)
    if own is None or meant is None:
        return False
    if candidate.kind in ("text", "id"):
        return isinstance(meant, str) and _compares_text(operator, meant, str(own), candidate.kind)
    is_fair = (candidate.kind == "boolean") == isinstance(meant, bool)
    if isinstance(meant, str) or isinstance(own, str) or not is_fair:
        return False
    return operator in _ORDERINGS and _ORDERINGS[operator](own, meant)


def _compares_text(operator: Operator, meant: str, own: str, kind: str) -> bool:
    if operator is Operator.LIKE:
        return _is_like(meant, own)
    return _ORDERINGS[operator](own, meant.lower() if kind == "id" else meant)


def _is_like(pattern: str, own: str) -> bool:
    parts, characters = [], iter(pattern)
    for character in characters:
        if character == "*":
            parts.append(".*")
        else:
            parts.append(re.escape(next(characters, "\\") if character == "\\" else character))
    return re.fullmatch("".join(parts), own, re.IGNORECASE | re.DOTALL) is not None


def _meant(value: Scalar, kind: str) -> Scalar | None:
    """Return what a value means to an attribute of which the asker did not say the type."""
    if kind == "text":
        return value if isinstance(value, str) else None
    if kind == "boolean":
        return {"true": True, "false": False}.get(str(value).lower())
    if isinstance(value, str):
        try:
            return float(value) if value.isascii() and "_" not in value else None
        except ValueError:
            return None
    return None if isinstance(value, bool) else value


def _groups(question: RowQuestion, rows: Sequence[Row], place: Place) -> list[list[Row]]:
    keys = [each for each in question.selected if not is_of_group(each)]
    if not keys:
        return [list(rows)]
    groups: dict[tuple[Value, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(_shown(key, [row], place) for key in keys), []).append(row)
    return list(groups.values())


def _sorted(groups: list[list[Row]], order: Order, place: Place) -> list[list[Row]]:
    """Sort by one key, which may be of several types; what is missing stands last either way."""
    if not isinstance(order.selected, Field | Attribute):
        typed = [[Typed("number", _shown(order.selected, group, place))] for group in groups]
    else:
        typed = [subject_values(group[0], order.selected, place) for group in groups]
    for part in reversed(range(len(typed[0]) if typed else 0)):
        decorated = list(zip(typed, groups, strict=True))
        there = [each for each in decorated if each[0][part].value is not None]
        missing = [each for each in decorated if each[0][part].value is None]
        there.sort(key=lambda each: each[0][part].value, reverse=order.is_descending)  # type: ignore[arg-type, return-value] # of one kind, and not None
        typed = [each for each, _ in (*there, *missing)]
        groups = [group for _, group in (*there, *missing)]
    return groups


def _shown(selected: Selected, group: Sequence[Row], place: Place) -> Value:
    match selected:
        case Aggregate() | Formula():
            return _measured(selected, group, place)
        case TimeStep(length_ns, origin_ns):
            time_ns = row_time_ns(place.dataset.value, group[0])
            return (time_ns - origin_ns) // length_ns * length_ns + origin_ns
        case LogStep(subject, per_doubling):
            numbers = _numbers([group[0]], subject, place)
            is_small = not numbers or numbers[0] < 1
            return -1 if is_small else math.floor(math.log2(numbers[0]) * per_doubling)
        case Field() | Attribute():
            values = [each.value for each in subject_values(group[0], selected, place)]
            return next((value for value in values if value is not None), None)


def _holds_of_group(condition: CompareMeasure, group: Sequence[Row], place: Place) -> bool:
    value = _measured(condition.measure, group, place)
    compare = ne if condition.operator is Operator.NOT_EQUAL else _ORDERINGS[condition.operator]
    return value is not None and compare(value, condition.value)


def _measured(measure: Measure, group: Sequence[Row], place: Place) -> float | None:
    match measure:
        case Constant(value):
            return value
        case Formula(arithmetic, left, right):
            one, other = _measured(left, group, place), _measured(right, group, place)
            if one is None or other is None:
                return None
            if arithmetic is Arithmetic.DIVIDE:
                return one / other if other else None
            return _ARITHMETIC[arithmetic](one, other)
        case Aggregate():
            return _aggregated(measure, group, place)


def _aggregated(aggregate: Aggregate, group: Sequence[Row], place: Place) -> float | None:
    subject, function, where = aggregate.subject, aggregate.function, aggregate.where
    rows = [row for row in group if where is None or holds(where, row, place)]
    if subject is not None:
        subjects = [(row, subject_values(row, subject, place)) for row in rows]
        rows = [row for row, typed in subjects if any(each.is_there for each in typed)]
    weights = [_weight(row, place) for row in rows]
    match function:
        case Function.COUNT:
            return sum(weights)
        case Function.SAMPLE_COUNT:
            return len(rows)
        case Function.WEIGHT_SQUARES:
            return sum(weight**2 for weight in weights)
        case _:
            assert subject is not None
    if function is Function.COUNT_UNIQUE:
        return len(
            {tuple(each.value for each in subject_values(row, subject, place)) for row in rows}
        )
    numbers = [
        (number, _weight(row, place)) for row in rows for number in _numbers([row], subject, place)
    ]
    return _of_numbers(aggregate, numbers) if numbers else None


def _of_numbers(aggregate: Aggregate, numbers: list[tuple[float, float]]) -> float:
    values = [number for number, _ in numbers]
    weight = sum(weight for _, weight in numbers)
    match aggregate.function:
        case Function.SUM:
            return sum(number * weight for number, weight in numbers)
        case Function.AVG:
            return sum(number * weight for number, weight in numbers) / weight
        case Function.MIN:
            return min(values)
        case Function.MAX:
            return max(values)
        case _:
            assert aggregate.share is not None
            return percentile(numbers, aggregate.share)


def percentile(numbers: Sequence[tuple[float, float]], share: float) -> float:
    """Return the smallest number so that it and those below have the share of the weight."""
    ordered = sorted(numbers)
    needed, seen = share * sum(weight for _, weight in ordered), 0.0
    for number, weight in ordered:
        seen += weight
        if seen >= needed:
            return number
    return ordered[-1][0]


def _numbers(rows: Sequence[Row], subject: Subject, place: Place) -> list[float]:
    return [
        each.value
        for row in rows
        for each in subject_values(row, subject, place)
        if each.kind in ("number", "time") and isinstance(each.value, int | float)
    ]


def _weight(row: Row, place: Place) -> float:
    if not place.is_extrapolated or place.dataset is not Dataset.SPANS:
        return 1
    rate = row["sample_rate"]
    assert isinstance(rate, int | float)
    return 1 / rate if rate > 0 else 1


_ARITHMETIC: Final[dict[Arithmetic, Callable[[float, float], float]]] = {
    Arithmetic.ADD: add,
    Arithmetic.SUBTRACT: sub,
    Arithmetic.MULTIPLY: mul,
}
_STEPS: Final = (TimeStep, LogStep)
