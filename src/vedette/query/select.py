"""From the names of fields and aggregates that are asked for to what is selected."""

import re
from dataclasses import dataclass
from typing import Final

from vedette.model.question import (
    Aggregate,
    Attribute,
    Field,
    Function,
    Order,
    Selected,
    Subject,
    ValueType,
)
from vedette.query.fields import DatasetMeaning, Kind
from vedette.query.refusal import QuestionWrong

FIELD_COUNT_MAX: Final = 50
NAME_LENGTH_MAX: Final = 1_024
"""Longer attribute names are not kept."""
_AGGREGATE: Final = re.compile(r"(?P<function>[a-z_][a-z_0-9]*)\((?P<argument>.*)\)", re.DOTALL)
_TAG: Final = re.compile(
    r"(?:tags|attr)\[\s*\"?(?P<key>[^\[\]\"]+?)\"?\s*(?:,\s*(?P<type>string|number|boolean)\s*)?\]"
)
_FIELD_OF_DURATION: Final = "span.duration"


@dataclass(frozen=True, slots=True)
class Column:
    """One asked column: its name as it was asked, what is selected, and how it is shown."""

    name: str
    selected: Selected
    kind: Kind | None
    """None: an attribute, shown as it is."""


def read_columns(names: list[str], meaning: DatasetMeaning) -> tuple[Column, ...]:
    """Return the asked columns in order, each name once.

    Raises:
        QuestionWrong: There is none, there are too many, or one is not understood.
    """
    unique = list(dict.fromkeys(names))
    if not unique:
        raise QuestionWrong("No columns selected: name at least one field.")
    if len(unique) > FIELD_COUNT_MAX:
        raise QuestionWrong(f"Too many fields: at most {FIELD_COUNT_MAX} can be asked for.")
    return tuple(read_column(name, meaning) for name in unique)


def read_column(name: str, meaning: DatasetMeaning) -> Column:
    """Return one column.

    Raises:
        QuestionWrong: The name is not understood.
    """
    found = _AGGREGATE.fullmatch(name)
    if found is None:
        subject, kind = read_subject(name, meaning)
        return Column(name, subject, kind)
    return _aggregate(name, found["function"], found["argument"].strip(), meaning)


def read_subject(name: str, meaning: DatasetMeaning) -> tuple[Subject, Kind | None]:
    """Return what a name stands for: a field of the dataset, or else an attribute.

    Raises:
        QuestionWrong: The name is empty or too long.
    """
    if not name.strip() or len(name) > NAME_LENGTH_MAX:
        raise QuestionWrong(f"A field's name has 1 to {NAME_LENGTH_MAX} characters.")
    known = meaning.fields.get(name)
    if known is not None:
        return Field(known.column), known.kind
    tag = _TAG.fullmatch(name)
    if tag is None:
        return Attribute(name), None
    # tags[environment] is the field: senders' tags of such names are kept there.
    known = meaning.fields.get(tag["key"])
    if known is not None and tag["type"] is None:
        return Field(known.column), known.kind
    return Attribute(tag["key"], ValueType(tag["type"]) if tag["type"] else None), None


def read_order(
    sorts: list[str], columns: tuple[Column, ...], meaning: DatasetMeaning
) -> tuple[Order, ...]:
    """Return the sort keys: those that are asked for, then enough to make pages stable.

    Raises:
        QuestionWrong: A key is not among the columns where they are grouped, or not understood.
    """
    is_grouped = any(isinstance(column.selected, Aggregate) for column in columns)
    asked = [_order(sort, columns, meaning, is_grouped=is_grouped) for sort in sorts if sort]
    if not asked:
        asked = _default_order(columns, meaning, is_grouped=is_grouped)
    ties = (
        [column.selected for column in columns if not isinstance(column.selected, Aggregate)]
        if is_grouped
        else [Field(name) for name in meaning.identity]
    )
    orders = {order.selected: order for order in asked}
    for selected in ties:
        orders.setdefault(selected, Order(selected))
    return tuple(orders.values())


def _aggregate(name: str, function: str, argument: str, meaning: DatasetMeaning) -> Column:
    try:
        known = Function(function)
    except ValueError:
        functions = ", ".join(member.value for member in Function)
        raise QuestionWrong(
            f"{function}() is not a function that can be asked for. Known: {functions}."
        ) from None
    if known is Function.COUNT:
        subject, kind = read_subject(argument, meaning) if argument else (None, None)
        # Every row has its fields: only attributes are counted one by one.
        is_attribute = kind is None and subject is not None
        return Column(name, Aggregate(known, subject if is_attribute else None), Kind.INTEGER)
    if not argument and _FIELD_OF_DURATION in meaning.fields and known is not Function.COUNT_UNIQUE:
        argument = _FIELD_OF_DURATION
    if not argument:
        raise QuestionWrong(f"{function}() needs a field between the parentheses.")
    subject, kind = read_subject(argument, meaning)
    if known is Function.COUNT_UNIQUE:
        return Column(name, Aggregate(known, subject), Kind.INTEGER)
    if kind not in _KINDS_OF_NUMBERS[known in {Function.MIN, Function.MAX}]:
        raise QuestionWrong(f"{function}({argument}) needs a field of numbers.")
    shown = Kind.NUMBER if kind in {None, Kind.INTEGER, Kind.NUMBER} else kind
    return Column(name, Aggregate(known, _as_number(subject)), shown)


_KINDS_OF_NUMBERS: Final = {
    False: frozenset({None, Kind.NUMBER, Kind.INTEGER, Kind.DURATION}),
    True: frozenset(
        {None, Kind.NUMBER, Kind.INTEGER, Kind.DURATION, Kind.TIME, Kind.SECONDS, Kind.NANOSECONDS}
    ),
}


def _as_number(subject: Subject) -> Subject:
    if isinstance(subject, Attribute) and subject.value_type is None:
        return Attribute(subject.key, ValueType.NUMBER)
    return subject


def _order(
    sort: str, columns: tuple[Column, ...], meaning: DatasetMeaning, *, is_grouped: bool
) -> Order:
    is_descending = sort.startswith("-")
    name = sort.removeprefix("-")
    for column in columns:
        if name in {column.name, column.name.removesuffix("()")}:
            return Order(column.selected, is_descending)
    if is_grouped:
        raise QuestionWrong(f"Cannot sort by {name}: it is not one of the fields asked for.")
    return Order(read_column(name, meaning).selected, is_descending)


def _default_order(
    columns: tuple[Column, ...], meaning: DatasetMeaning, *, is_grouped: bool
) -> list[Order]:
    if not is_grouped:
        return [_order(meaning.default_order, columns, meaning, is_grouped=False)]
    first = next(column for column in columns if isinstance(column.selected, Aggregate))
    return [Order(first.selected, is_descending=True)]
