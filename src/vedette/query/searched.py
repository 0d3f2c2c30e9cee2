"""A search as a question wants it: what must hold of rows, and what of groups of rows."""

from dataclasses import dataclass
from typing import Final

from vedette.model.question import AllOf, CompareMeasure, Condition, Operator
from vedette.query.condition import SearchContext, resolve
from vedette.query.fields import Kind
from vedette.query.functions import is_call, read_measure
from vedette.query.refusal import QuestionWrong
from vedette.query.search import (
    Comparison,
    Every,
    Expression,
    Filter,
    SearchError,
    Value,
    read_search,
)
from vedette.query.units import read_any_number, read_duration_ns

_OPERATORS: Final = {
    Comparison.EQUAL: (Operator.EQUAL, Operator.NOT_EQUAL),
    Comparison.GREATER: (Operator.GREATER, Operator.LESS_OR_EQUAL),
    Comparison.GREATER_OR_EQUAL: (Operator.GREATER_OR_EQUAL, Operator.LESS),
    Comparison.LESS: (Operator.LESS, Operator.GREATER_OR_EQUAL),
    Comparison.LESS_OR_EQUAL: (Operator.LESS_OR_EQUAL, Operator.GREATER),
}
"""Each with its opposite."""
_TIMES: Final = frozenset({Kind.TIME, Kind.SECONDS, Kind.NANOSECONDS})


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search means."""

    where: Condition
    having: tuple[CompareMeasure, ...] = ()


def read_searched(text: str, context: SearchContext) -> Searched:
    """Read a search that may also filter groups, by functions such as `count():>10`.

    Raises:
        SearchError: The text is wrong, or a value does not fit its key.
    """
    expression = read_search(text)
    members = expression.members if isinstance(expression, Every) else (expression,)
    rows = tuple(each for each in members if not _is_of_groups(each))
    groups = [each for each in members if isinstance(each, Filter) and _is_of_groups(each)]
    if not groups:
        return Searched(resolve(expression, context))
    conditions = tuple(resolve(each, context) for each in rows)
    return Searched(AllOf(conditions), tuple(_having(each, context) for each in groups))


def _is_of_groups(expression: Expression) -> bool:
    return isinstance(expression, Filter) and is_call(expression.key)


def _having(term: Filter, context: SearchContext) -> CompareMeasure:
    try:
        meaning = read_measure(term.key, context)
    except QuestionWrong as error:
        raise SearchError(position=term.position, expected=str(error)) from error
    if len(term.values) != 1 or meaning.kind in _TIMES:
        raise SearchError(position=term.position, expected="one number for a function")
    value = _number(term.values[0], meaning.kind)
    plain, opposite = _OPERATORS[term.comparison]
    return CompareMeasure(meaning.measure, opposite if term.is_negated else plain, value)


def _number(value: Value, kind: Kind) -> float:
    read = read_duration_ns if kind is Kind.DURATION else read_any_number
    number = None if value.is_pattern else read(value.text)
    if number is None:
        raise SearchError(position=value.position, expected="a number, such as 10 or 250ms")
    return number
