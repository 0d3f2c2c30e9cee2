"""Fields and attributes as SQL: how each is compared, shown, and known to be there."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from vedette.model.question import Attribute, Field, Subject, ValueType
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.tables.column import AttributeMaps, Column, DatasetTable, Kind

RESOURCE_PREFIX: Final = "resource."
KEY_LENGTH_MAX: Final = 1_024
RESOURCE_MAPS: Final = AttributeMaps("resource_str", "resource_num", "resource_bool")
"""The maps of the joined resource, as `compile` names them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the compiling of one question needs everywhere."""

    table: DatasetTable
    parameters: Parameters
    projects: str
    """Place-holder of the project ids."""
    resource_keys: AbstractSet[str] = frozenset()
    """Attributes that only resources have."""
    uses_index: bool = False
    """Whether the attribute index is there."""
    is_extrapolated: bool = False
    """Whether rows count as many times as they stand for others."""

    @property
    def weight(self) -> str | None:
        """How many times a row counts; None: once."""
        return self.table.weight if self.is_extrapolated else None


@dataclass(frozen=True, slots=True)
class Expression:
    """One typed thing in SQL."""

    raw: str
    """As it is compared, grouped by and sorted."""
    kind: Kind
    there: str
    """True for rows that have it and where it is not empty."""
    shown: str
    """As it is answered; NULL if it is missing."""
    id_bytes: int = 0


def field_expression(column: Column) -> Expression:
    """Return a column of the table."""
    sql = column.sql
    match column.kind:
        case Kind.TEXT:
            return Expression(sql, column.kind, f"({sql} != '')", sql)
        case Kind.ID:
            there = f"({sql} != toFixedString('', {column.id_bytes}))"
            return Expression(sql, column.kind, there, f"lower(hex({sql}))", column.id_bytes)
        case Kind.TIME:
            shown = f"toUnixTimestamp64Nano(toDateTime64({sql}, 9, 'UTC'))"
            return Expression(sql, column.kind, "true", shown)
        case Kind.OPTIONAL_NUMBER:
            return Expression(
                f"nullIf({sql}, 0)", Kind.NUMBER, f"({sql} != 0)", f"nullIf({sql}, 0)"
            )
        case Kind.NUMBER | Kind.BOOLEAN:
            return Expression(sql, column.kind, "true", sql)


def subject_expressions(subject: Subject, scope: Scope) -> tuple[Expression, ...]:
    """Return what a subject may be: one thing, or one of each type for an attribute of any type.

    Raises:
        QuestionRefused: There is no such field.
    """
    if isinstance(subject, Field):
        column = scope.table.fields.get(subject.name)
        if column is None:
            raise QuestionRefused(f"{scope.table.dataset.value} have no field {subject.name!r}")
        return (field_expression(column),)
    check_attribute(subject, scope)
    promoted = (scope.table.promoted or {}).get(subject.key)
    if promoted is not None:
        return (_as_type(field_expression(promoted), subject.value_type),)
    if is_of_resource(subject, scope):
        return map_expressions(resource_key(subject), RESOURCE_MAPS, scope.parameters)
    assert scope.table.attributes is not None
    return map_expressions(subject, scope.table.attributes, scope.parameters)


def check_attribute(subject: Attribute, scope: Scope) -> None:
    """Return if the table can have such an attribute.

    Raises:
        QuestionRefused: It cannot.
    """
    if scope.table.attributes is None:
        raise QuestionRefused(f"{scope.table.dataset.value} have no attributes: {subject.key!r}")
    if not 0 < len(subject.key) <= KEY_LENGTH_MAX:
        raise QuestionRefused(f"the name of an attribute has 1 to {KEY_LENGTH_MAX} characters")


def is_of_resource(subject: Attribute, scope: Scope) -> bool:
    """Tell whether an attribute is asked of the resource instead of the row."""
    if not scope.table.has_resources or subject.key in (scope.table.promoted or {}):
        return False
    return subject.key.startswith(RESOURCE_PREFIX) or subject.key in scope.resource_keys


def resource_key(subject: Attribute) -> Attribute:
    """Return the attribute under the name that the resource gives it."""
    return Attribute(subject.key.removeprefix(RESOURCE_PREFIX), subject.value_type)


def map_expressions(
    subject: Attribute, maps: AttributeMaps, parameters: Parameters
) -> tuple[Expression, ...]:
    """Return an attribute that lies in maps by type, of the asked type or of each."""
    key = parameters.text(subject.key)
    by_type = {
        ValueType.STRING: _in_map(maps.text, key, Kind.TEXT),
        ValueType.NUMBER: _in_map(maps.number, key, Kind.NUMBER)
        if maps.number
        else _number_in_text(maps.text, key),
        ValueType.BOOLEAN: _in_map(maps.boolean, key, Kind.BOOLEAN)
        if maps.boolean
        else _boolean_in_text(f"{maps.text}[{key}]"),
    }
    if subject.value_type is not None:
        return (by_type[subject.value_type],)
    if maps.number is None:
        return (by_type[ValueType.STRING],)
    return tuple(by_type.values())


def _in_map(name: str, key: str, kind: Kind) -> Expression:
    raw, is_in = f"{name}[{key}]", f"mapContains({name}, {key})"
    there = f"({raw} != '')" if kind is Kind.TEXT else is_in
    return Expression(raw, kind, there, f"if({is_in}, {raw}, NULL)")


def _number_in_text(name: str, key: str) -> Expression:
    raw = f"toFloat64OrNull({name}[{key}])"
    return Expression(raw, Kind.NUMBER, f"isNotNull({raw})", raw)


def _boolean_in_text(value: str) -> Expression:
    raw = f"toBool({value} IN ('true', 'True', '1'))"
    there = f"({value} IN ('true', 'True', '1', 'false', 'False', '0'))"
    return Expression(raw, Kind.BOOLEAN, there, f"if({there}, {raw}, NULL)")


def _as_type(expression: Expression, value_type: ValueType | None) -> Expression:
    """Return a promoted attribute as the type under which it is asked."""
    shown = f"nullIf({expression.raw}, '')" if expression.kind is Kind.TEXT else expression.shown
    is_number = expression.kind is Kind.NUMBER
    match value_type:
        case ValueType.NUMBER if not is_number:
            raw = f"toFloat64OrNull({expression.raw})"
            return Expression(raw, Kind.NUMBER, f"isNotNull({raw})", raw)
        case ValueType.STRING if is_number:
            raw = f"ifNull(toString({expression.raw}), '')"
            return Expression(raw, Kind.TEXT, expression.there, f"nullIf({raw}, '')")
        case ValueType.BOOLEAN:
            return _boolean_in_text(f"ifNull(toString({expression.raw}), '')")
        case _:
            return Expression(expression.raw, expression.kind, expression.there, shown)


BY_NAME: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "text",
    Kind.ID: "an id",
    Kind.TIME: "a time",
    Kind.NUMBER: "a number",
    Kind.OPTIONAL_NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
}
"""What a kind is called towards the asker."""
