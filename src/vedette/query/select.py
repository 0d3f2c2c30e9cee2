"""From the names of fields and functions that are asked for to what is selected."""

import re
from dataclasses import dataclass
from typing import Final

from vedette.model.question import (
    Constant,
    Field,
    Measure,
    Order,
    Selected,
    is_of_group,
)
from vedette.query.condition import SearchContext
from vedette.query.equation import PREFIX, read_equation
from vedette.query.fields import DatasetMeaning, Kind
from vedette.query.functions import is_call, read_measure
from vedette.query.refusal import QuestionWrong
from vedette.query.subject import read_subject

FIELD_COUNT_MAX: Final = 50
_NOT_OF_ALIAS: Final = re.compile(r"[^a-zA-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One asked column: its name as it was asked, what is selected, and how it is shown."""

    name: str
    selected: Selected
    kind: Kind | None
    """None: an attribute, shown as it is."""


def read_columns(
    names: list[str], meaning: DatasetMeaning, *, context: SearchContext | None = None
) -> tuple[Column, ...]:
    """Return the asked columns in order, each name once.

    Raises:
        QuestionWrong: There is none, there are too many, or one is not understood.
    """
    unique = list(dict.fromkeys(names))
    if not unique:
        raise QuestionWrong("No columns selected: name at least one field.")
    if len(unique) > FIELD_COUNT_MAX:
        raise QuestionWrong(f"Too many fields: at most {FIELD_COUNT_MAX} can be asked for.")
    return tuple(read_column(name, meaning, context=context) for name in unique)


def read_column(
    name: str, meaning: DatasetMeaning, *, context: SearchContext | None = None
) -> Column:
    """Return one column.

    Raises:
        QuestionWrong: The name is not understood.
    """
    known = context or SearchContext(meaning, {}, 0)
    if name.startswith(PREFIX):
        return Column(name, _selected(read_equation(name.removeprefix(PREFIX), known)), Kind.NUMBER)
    if is_call(name):
        found = read_measure(name, known)
        return Column(name, _selected(found.measure), found.kind)
    subject, kind = read_subject(name, meaning)
    return Column(name, subject, kind)


def _selected(measure: Measure) -> Selected:
    if isinstance(measure, Constant):
        raise QuestionWrong("An equation needs at least one function.")
    return measure


def read_order(
    sorts: list[str], columns: tuple[Column, ...], meaning: DatasetMeaning
) -> tuple[Order, ...]:
    """Return the sort keys: those that are asked for, then enough to make pages stable.

    Raises:
        QuestionWrong: A key is not among the columns where they are grouped, or not understood.
    """
    is_grouped = any(is_of_group(column.selected) for column in columns)
    asked = [_order(sort, columns, meaning, is_grouped=is_grouped) for sort in sorts if sort]
    if not asked:
        asked = _default_order(columns, meaning, is_grouped=is_grouped)
    ties = (
        [column.selected for column in columns if not is_of_group(column.selected)]
        if is_grouped
        else [Field(name) for name in meaning.identity]
    )
    orders = {order.selected: order for order in asked}
    for selected in ties:
        orders.setdefault(selected, Order(selected))
    return tuple(orders.values())


def _order(
    sort: str, columns: tuple[Column, ...], meaning: DatasetMeaning, *, is_grouped: bool
) -> Order:
    is_descending = sort.startswith("-")
    name = sort.removeprefix("-")
    equations = [column for column in columns if column.name.startswith(PREFIX)]
    for place, column in enumerate(equations):
        if name == f"equation[{place}]":
            return Order(column.selected, is_descending)
    for column in columns:
        if name in {column.name, column.name.removesuffix("()"), _alias(column.name)}:
            return Order(column.selected, is_descending)
    if is_grouped:
        raise QuestionWrong(f"Cannot sort by {name}: it is not one of the fields asked for.")
    return Order(read_column(name, meaning).selected, is_descending)


def _default_order(
    columns: tuple[Column, ...], meaning: DatasetMeaning, *, is_grouped: bool
) -> list[Order]:
    if not is_grouped:
        return [_order(meaning.default_order, columns, meaning, is_grouped=False)]
    first = next(column for column in columns if is_of_group(column.selected))
    return [Order(first.selected, is_descending=True)]


def _alias(name: str) -> str:
    """Return the name under which older clients sort: `p95_span_duration`."""
    return _NOT_OF_ALIAS.sub("_", name).strip("_")
