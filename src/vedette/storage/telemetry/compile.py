"""A question for rows or groups as SQL."""

from dataclasses import dataclass
from typing import Final

from vedette.model.question import (
    ROW_COUNT_MAX,
    Aggregate,
    Attribute,
    Field,
    Function,
    Order,
    RowQuestion,
    Selected,
    TimeRange,
)
from vedette.storage.telemetry.conditions import condition_sql
from vedette.storage.telemetry.engine import Parameter
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.subjects import (
    Expression,
    Scope,
    is_of_resource,
    subject_expressions,
)
from vedette.storage.telemetry.tables.column import DatasetTable, Kind

SELECTED_COUNT_MAX: Final = 100
ORDER_COUNT_MAX: Final = 20
ROW_OFFSET_MAX: Final = 1_000_000
"""Whoever turns that many pages wants another question."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values, and what to make of the answer."""

    text: str
    parameters: dict[str, Parameter]
    names: tuple[str, ...]
    of_many_types: frozenset[int]
    """Columns whose values come as lists, of which one is not null."""


def compile_rows(
    question: RowQuestion,
    table: DatasetTable,
    *,
    resource_keys: frozenset[str] = frozenset(),
    uses_index: bool = False,
    time_range: TimeRange | None = None,
) -> Statement:
    """Return the statement for a question, if need be for a narrower time range.

    It answers one row more than was asked for, if there is one.

    Raises:
        QuestionRefused: The question is too large, or asks for something that is not there.
    """
    _check(question)
    parameters = Parameters()
    projects = parameters.add(question.project_ids, "Array(UInt32)")
    scope = Scope(table, parameters, projects, resource_keys, uses_index)
    columns = [_selected(each, scope) for each in question.selected]
    is_grouped = any(isinstance(each, Aggregate) for each in question.selected)
    conditions = [
        f"project_id IN {projects}",
        *time_conditions(table, time_range or question.time_range, parameters),
    ]
    where = condition_sql(question.where, scope)
    if where != "true":
        conditions.append(where)
    lines = [
        "SELECT",
        ",\n".join(f"  {sql} AS c{place}" for place, sql in enumerate(columns)),
        f"FROM {table.name}",
        *_join(question, scope),
        "WHERE " + "\n  AND ".join(conditions),
    ]
    if is_grouped:
        groups = _group_places(question)
        if groups:
            lines.append("GROUP BY " + ", ".join(f"c{place}" for place in groups))
    if question.order:
        orders = [part for order in question.order for part in _order(order, question, scope)]
        lines.append("ORDER BY " + ", ".join(dict.fromkeys(orders)))
    limit = parameters.add(question.row_count_max + 1, "UInt64")
    offset = parameters.add(question.row_offset, "UInt64")
    lines.append(f"LIMIT {limit} OFFSET {offset}")
    return Statement(
        "\n".join(lines),
        parameters.values,
        tuple(name_of(each) for each in question.selected),
        frozenset(
            place
            for place, each in enumerate(question.selected)
            if isinstance(each, Attribute) and len(subject_expressions(each, scope)) > 1
        ),
    )


def name_of(selected: Selected) -> str:
    """Return the name of a column of the answer, as the port promises it."""
    match selected:
        case Field(name):
            return name
        case Attribute(key):
            return key
        case Aggregate(function, None):
            return f"{function.value}()"
        case Aggregate(function, subject):
            return f"{function.value}({name_of(subject)})" if subject else f"{function.value}()"


def time_conditions(
    table: DatasetTable, time_range: TimeRange, parameters: Parameters
) -> tuple[str, ...]:
    """Return the conditions on time: on the sorting key's coarse time, and on the exact one."""
    start, end = parameters.moment(time_range.start_ns), parameters.moment(time_range.end_ns)
    exact = (f"{table.time} >= {start}", f"{table.time} < {end}")
    if table.bucket == "{time}":
        return exact
    bucket = table.bucket.format(time=table.time)
    return (
        f"{bucket} >= {table.bucket.format(time=start)}",
        f"{bucket} <= {table.bucket.format(time=end)}",
        *exact,
    )


def asked_attributes(question: RowQuestion) -> frozenset[str]:
    """Return the attributes that a question names anywhere."""
    # The nouns are plain data: whatever is an attribute in them shows itself.
    found: set[str] = set()
    waiting: list[object] = [question.selected, question.where, question.order]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Attribute):
            found.add(each.key)
        elif isinstance(each, tuple):
            waiting.extend(each)
        elif hasattr(each, "__dataclass_fields__"):
            waiting.extend(getattr(each, name) for name in each.__dataclass_fields__)
    return frozenset(found)


def _check(question: RowQuestion) -> None:
    bounds = (
        ("columns", len(question.selected), 1, SELECTED_COUNT_MAX),
        ("sort keys", len(question.order), 0, ORDER_COUNT_MAX),
        ("rows", question.row_count_max, 1, ROW_COUNT_MAX),
        ("rows before the first", question.row_offset, 0, ROW_OFFSET_MAX),
    )
    for what, count, least, most in bounds:
        if not least <= count <= most:
            raise QuestionRefused(f"a question has {least} to {most} {what}, not {count}")


def _selected(selected: Selected, scope: Scope) -> str:
    if isinstance(selected, Aggregate):
        return _aggregate(selected, scope)
    expressions = subject_expressions(selected, scope)
    if len(expressions) == 1:
        return expressions[0].shown
    return f"tuple({', '.join(each.shown for each in expressions)})"


def _aggregate(aggregate: Aggregate, scope: Scope) -> str:
    function, subject = aggregate.function, aggregate.subject
    if subject is None:
        if function is not Function.COUNT:
            raise QuestionRefused(f"{function.value}() needs a field")
        return "count()"
    expressions = subject_expressions(subject, scope)
    if function is Function.COUNT:
        return f"countIf({' OR '.join(each.there for each in expressions)})"
    if function is Function.COUNT_UNIQUE:
        values = ", ".join(each.shown for each in expressions)
        return f"uniqIf(tuple({values}), {' OR '.join(each.there for each in expressions)})"
    return _measure(function, _measured(function, expressions, name_of(subject)))


def _measured(function: Function, expressions: tuple[Expression, ...], name: str) -> Expression:
    """Return that of the types that can be measured."""
    allowed = [Kind.NUMBER]
    if function in (Function.MIN, Function.MAX):
        allowed.append(Kind.TIME)
    for expression in expressions:
        if expression.kind in allowed:
            return expression
    raise QuestionRefused(f"{function.value}({name}) needs a field of numbers")


def _measure(function: Function, measured: Expression) -> str:
    arguments = measured.raw if measured.there == "true" else f"{measured.raw}, {measured.there}"
    suffix = "OrNull" if measured.there == "true" else "OrNullIf"
    quantile = _QUANTILES.get(function)
    if quantile is not None:
        return f"quantile{suffix}({quantile})({arguments})"
    value = f"{function.value}{suffix}({arguments})"
    return (
        f"toUnixTimestamp64Nano(toDateTime64({value}, 9, 'UTC'))"
        if measured.kind is Kind.TIME
        else value
    )


_QUANTILES: Final = {
    Function.P50: 0.5,
    Function.P75: 0.75,
    Function.P90: 0.9,
    Function.P95: 0.95,
    Function.P99: 0.99,
}


def _join(question: RowQuestion, scope: Scope) -> list[str]:
    """Return the join with the resources, if an attribute of theirs is shown, grouped or sorted."""
    chosen = (*question.selected, *(order.selected for order in question.order))
    subjects = [each.subject if isinstance(each, Aggregate) else each for each in chosen]
    if not any(isinstance(each, Attribute) and is_of_resource(each, scope) for each in subjects):
        return []
    resources = (
        "SELECT resource_id, any(attr_str) AS resource_str,"
        " any(attr_num) AS resource_num, any(attr_bool) AS resource_bool"
        f" FROM resources WHERE project_id IN {scope.projects} GROUP BY resource_id"
    )
    return [f"LEFT JOIN ({resources}) AS resource USING (resource_id)"]


def _group_places(question: RowQuestion) -> list[int]:
    return [
        place for place, each in enumerate(question.selected) if not isinstance(each, Aggregate)
    ]


def _order(order: Order, question: RowQuestion, scope: Scope) -> list[str]:
    way = "DESC" if order.is_descending else "ASC"
    is_grouped = any(isinstance(each, Aggregate) for each in question.selected)
    if is_grouped or isinstance(order.selected, Aggregate):
        if order.selected not in question.selected:
            raise QuestionRefused(f"to sort groups by {name_of(order.selected)}, select it as well")
        place = question.selected.index(order.selected)
        if (
            isinstance(order.selected, Aggregate)
            or len(subject_expressions(order.selected, scope)) == 1
        ):
            return [f"c{place} {way} NULLS LAST"]
        count = len(subject_expressions(order.selected, scope))
        return [f"c{place}.{part} {way} NULLS LAST" for part in range(1, count + 1)]
    return [
        f"{_sorted(each)} {way} NULLS LAST" for each in subject_expressions(order.selected, scope)
    ]


def _sorted(expression: Expression) -> str:
    return expression.raw if expression.kind in (Kind.ID, Kind.TIME) else expression.shown
