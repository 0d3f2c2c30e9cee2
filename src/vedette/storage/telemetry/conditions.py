"""The tree of conditions as SQL. Each is true or false, never NULL: `!=` is the opposite of `=`."""

from typing import Final, assert_never

from vedette.model.question import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Contains,
    Has,
    Not,
    Operator,
    ValueType,
)
from vedette.storage.telemetry.comparisons import (
    NEVER,
    any_of,
    compare_any,
    compare_if_fitting,
)
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.subjects import (
    Scope,
    check_attribute,
    is_of_resource,
    map_expressions,
    resource_key,
    subject_expressions,
)
from vedette.storage.telemetry.tables.column import AttributeMaps

CONDITION_COUNT_MAX: Final = 200
DEPTH_MAX: Final = 20
INDEXED_VALUE_COUNT_MAX: Final = 20
"""Of one IN that is looked up in the attribute index value by value."""

INDEX_EXPRESSION: Final = (
    "arrayMap((k, v) -> concat(k, '=', v), mapKeys(attr_str), mapValues(attr_str))"
)
"""What the attribute index is made of; only this very expression uses it."""

_OPPOSITES: Final = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_LIKE: Operator.LIKE,
}
_RESOURCE_COLUMNS: Final = AttributeMaps("attr_str", "attr_num", "attr_bool")


def condition_sql(condition: Condition, scope: Scope) -> str:
    """Return a condition as SQL.

    Raises:
        QuestionRefused: It is too large, or it asks for something that is not there.
    """
    check_size(condition)
    return _sql(condition, scope)


def check_size(*conditions: Condition) -> None:
    """Return if the conditions together are within their bounds.

    Raises:
        QuestionRefused: They are not.
    """
    count = sum(_count(each, depth=0) for each in conditions)
    if count > CONDITION_COUNT_MAX:
        raise QuestionRefused(f"a question may have {CONDITION_COUNT_MAX} conditions, not {count}")


def _count(condition: Condition, *, depth: int) -> int:
    if depth > DEPTH_MAX:
        raise QuestionRefused(f"conditions may stand {DEPTH_MAX} deep in each other")
    match condition:
        case Not(inner):
            return _count(inner, depth=depth + 1)
        case AllOf(inner) | AnyOf(inner):
            return sum(_count(each, depth=depth + 1) for each in inner)
        case _:
            return 1


def _sql(condition: Condition, scope: Scope) -> str:
    match condition:
        case AllOf(conditions):
            return _joined(conditions, "AND", "true", scope)
        case AnyOf(conditions):
            return _joined(conditions, "OR", NEVER, scope)
        case Not(inner):
            return f"(NOT {_sql(inner, scope)})"
        case Contains(words):
            needle = scope.parameters.text(words)
            return f"(positionCaseInsensitiveUTF8({scope.table.main_text}, {needle}) > 0)"
        case Has() | Compare():
            return _about_subject(condition, scope)
        case _ as unreachable:
            assert_never(unreachable)


def _joined(conditions: tuple[Condition, ...], word: str, nothing: str, scope: Scope) -> str:
    parts = [_sql(each, scope) for each in conditions]
    if not parts:
        return nothing
    return parts[0] if len(parts) == 1 else f"({f' {word} '.join(parts)})"


def _about_subject(condition: Has | Compare, scope: Scope) -> str:
    if isinstance(condition, Compare) and condition.operator in _OPPOSITES:
        opposite = _OPPOSITES[condition.operator]
        inner = _about_subject(Compare(condition.subject, opposite, condition.values), scope)
        return f"(NOT {inner})"
    subject = condition.subject
    if isinstance(subject, Attribute) and is_of_resource(subject, scope):
        return _of_resource(condition, subject, scope)
    expressions = subject_expressions(subject, scope)
    if isinstance(condition, Has):
        return any_of(each.there for each in expressions)
    if isinstance(subject, Attribute) and _can_use_index(condition, subject, scope):
        found = [_indexed(subject.key, value, scope.parameters) for value in condition.values]
        rest = [compare_if_fitting(condition, each, scope.parameters) for each in expressions[1:]]
        return any_of([*found, *(each for each in rest if each != NEVER)])
    return compare_any(condition, expressions, scope.parameters)


def _of_resource(condition: Compare | Has, subject: Attribute, scope: Scope) -> str:
    """Return the condition on the resources, and the rows of those for which it holds."""
    check_attribute(subject, scope)
    expressions = map_expressions(resource_key(subject), _RESOURCE_COLUMNS, scope.parameters)
    if isinstance(condition, Has):
        inner = any_of(each.there for each in expressions)
    else:
        inner = compare_any(condition, expressions, scope.parameters)
    return (
        "(resource_id IN (SELECT resource_id FROM resources"
        f" WHERE project_id IN {scope.projects} AND {inner}))"
    )


def _can_use_index(condition: Compare, subject: Attribute, scope: Scope) -> bool:
    return (
        scope.uses_index
        and scope.table.has_attribute_index
        and subject.value_type in (None, ValueType.STRING)
        and subject.key not in (scope.table.promoted or {})
        and condition.operator in (Operator.EQUAL, Operator.IN)
        and 1 <= len(condition.values) <= INDEXED_VALUE_COUNT_MAX
        and all(isinstance(value, str) for value in condition.values)
    )


def _indexed(key: str, value: object, parameters: Parameters) -> str:
    assert isinstance(value, str)
    found = f"has({INDEX_EXPRESSION}, {parameters.text(f'{key}={value}')})"
    if "=" not in key and "=" not in value:
        return found
    # a=b=c may be the value `b=c` of `a` as well as the value `c` of `a=b`.
    is_exact = (
        f"mapContains(attr_str, {parameters.text(key)})"
        f" AND attr_str[{parameters.text(key)}] = {parameters.text(value)}"
    )
    return f"({found} AND {is_exact})"
