"""Questions answered slowly and plainly from rows in memory: what the engine must agree with."""

import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any, Final, assert_never

from tests.fakes.row_subjects import MAIN_TEXTS, Place, Row, Typed, Value, subject_values
from vedette.model.answer import Answer
from vedette.model.question import (
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Function,
    Has,
    Not,
    Operator,
    Order,
    RowQuestion,
    Scalar,
    Selected,
)
from vedette.storage.telemetry.compile import name_of

_QUANTILES: Final = {
    Function.P50: 50,
    Function.P75: 75,
    Function.P90: 90,
    Function.P95: 95,
    Function.P99: 99,
}

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
    if any(isinstance(each, Aggregate) for each in question.selected):
        groups = _groups(question, found, place)
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
    keys = [each for each in question.selected if not isinstance(each, Aggregate)]
    if not keys:
        return [list(rows)]
    groups: dict[tuple[Value, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(_shown(key, [row], place) for key in keys), []).append(row)
    return list(groups.values())


def _sorted(groups: list[list[Row]], order: Order, place: Place) -> list[list[Row]]:
    """Sort by one key, which may be of several types; what is missing stands last either way."""
    if isinstance(order.selected, Aggregate):
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
    if isinstance(selected, Aggregate):
        return _aggregated(selected, group, place)
    values = [each.value for each in subject_values(group[0], selected, place)]
    return next((value for value in values if value is not None), None)


def _aggregated(aggregate: Aggregate, group: Sequence[Row], place: Place) -> Value:
    if aggregate.subject is None:
        return len(group)
    subject = aggregate.subject
    all_values = [subject_values(row, subject, place) for row in group]
    there = [values for values in all_values if any(each.is_there for each in values)]
    if aggregate.function is Function.COUNT:
        return len(there)
    if aggregate.function is Function.COUNT_UNIQUE:
        return len({tuple(each.value for each in values) for values in there})
    numbers = [
        each.value
        for values in all_values
        for each in values
        if each.kind in ("number", "time") and isinstance(each.value, int | float)
    ]
    if not numbers:
        return None
    return _measured(aggregate.function, numbers)


def _measured(function: Function, numbers: Sequence[float]) -> float:
    match function:
        case Function.SUM:
            return sum(numbers)
        case Function.AVG:
            return statistics.fmean(numbers)
        case Function.MIN:
            return min(numbers)
        case Function.MAX:
            return max(numbers)
        case _:
            if len(numbers) == 1:
                return numbers[0]
            percent = _QUANTILES[function]
            return statistics.quantiles(numbers, n=100, method="inclusive")[percent - 1]
