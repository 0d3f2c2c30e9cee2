"""A question for rows or groups as SQL."""

from dataclasses import dataclass
from typing import Final, assert_never

from vedette.model.question import (
    ROW_COUNT_MAX,
    SERIES_ROW_COUNT_MAX,
    Aggregate,
    Attribute,
    Dataset,
    Field,
    Formula,
    LogStep,
    Order,
    RowQuestion,
    Selected,
    Subject,
    TimeRange,
    TimeStep,
    is_of_group,
)
from vedette.storage.telemetry.conditions import check_size, condition_sql
from vedette.storage.telemetry.engine import Parameter
from vedette.storage.telemetry.measures import (
    aggregates_of,
    having_sql,
    measure_name,
    measure_sql,
)
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.subjects import (
    Expression,
    Scope,
    is_of_resource,
    subject_expressions,
)
from vedette.storage.telemetry.tables.column import DatasetTable, Kind

SELECTED_COUNT_MAX: Final = 250
ORDER_COUNT_MAX: Final = 20
ROW_OFFSET_MAX: Final = 1_000_000
"""Whoever turns that many pages wants another question."""
HAVING_COUNT_MAX: Final = 20
AGGREGATE_COUNT_MAX: Final = 250
"""In all columns and formulas together: each costs a state per group."""
STEPS_PER_DOUBLING_MAX: Final = 16


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
    scope = Scope(table, parameters, projects, resource_keys, uses_index, question.is_extrapolated)
    columns = [_selected(each, scope) for each in question.selected]
    is_grouped = _is_grouped(question)
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
    if question.having:
        lines.append("HAVING " + " AND ".join(having_sql(each, scope) for each in question.having))
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
        case TimeStep():
            return "time"
        case LogStep():
            return "step"
        case Aggregate() | Formula():
            return measure_name(selected)
        case _ as unreachable:
            assert_never(unreachable)


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


def asked_attributes(asked: tuple[object, ...]) -> frozenset[str]:
    """Return the attributes that are named anywhere in nouns of a question."""
    # The nouns are plain data: whatever is an attribute in them shows itself.
    found: set[str] = set()
    waiting = list(asked)
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
    is_series = any(isinstance(each, TimeStep | LogStep) for each in question.selected)
    # Metrics are put together from points, of which a chart needs as many as it has steps.
    is_large = is_series or question.dataset is Dataset.METRICS
    row_count_max = SERIES_ROW_COUNT_MAX if is_large else ROW_COUNT_MAX
    bounds = (
        ("columns", len(question.selected), 1, SELECTED_COUNT_MAX),
        ("sort keys", len(question.order), 0, ORDER_COUNT_MAX),
        ("rows", question.row_count_max, 1, row_count_max),
        ("rows before the first", question.row_offset, 0, ROW_OFFSET_MAX),
        ("conditions on groups", len(question.having), 0, HAVING_COUNT_MAX),
        ("aggregates", len(_aggregates(question)), 0, AGGREGATE_COUNT_MAX),
    )
    for what, count, least, most in bounds:
        if not least <= count <= most:
            raise QuestionRefused(f"a question has {least} to {most} {what}, not {count}")
    if question.having and not _is_grouped(question):
        raise QuestionRefused("conditions on groups need a function among the columns")
    wheres = [each.where for each in _aggregates(question) if each.where is not None]
    check_size(question.where, *wheres)


def _aggregates(question: RowQuestion) -> list[Aggregate]:
    measures = [each for each in question.selected if isinstance(each, Aggregate | Formula)]
    return [
        aggregate
        for measure in (*measures, *(each.measure for each in question.having))
        for aggregate in aggregates_of(measure)
    ]


def _is_grouped(question: RowQuestion) -> bool:
    return any(is_of_group(each) or isinstance(each, _STEPS) for each in question.selected)


_STEPS: Final = (TimeStep, LogStep)


def _selected(selected: Selected, scope: Scope) -> str:
    match selected:
        case Aggregate() | Formula():
            return measure_sql(selected, scope)
        case TimeStep():
            return _time_step(selected, scope)
        case LogStep():
            return _log_step(selected, scope)
        case Field() | Attribute():
            return _shown(selected, scope)
        case _ as unreachable:
            assert_never(unreachable)


def _time_step(step: TimeStep, scope: Scope) -> str:
    if step.length_ns < 1:
        raise QuestionRefused("a step of time is longer than nothing")
    origin = scope.parameters.add(step.origin_ns, "Int64")
    length = scope.parameters.add(step.length_ns, "Int64")
    moment = f"toUnixTimestamp64Nano(toDateTime64({scope.table.time}, 9, 'UTC'))"
    return f"intDiv({moment} - {origin}, {length}) * {length} + {origin}"


def _log_step(step: LogStep, scope: Scope) -> str:
    if not 1 <= step.per_doubling <= STEPS_PER_DOUBLING_MAX:
        raise QuestionRefused(f"a doubling has 1 to {STEPS_PER_DOUBLING_MAX} steps")
    numbers = [
        each for each in subject_expressions(step.subject, scope) if each.kind is Kind.NUMBER
    ]
    if not numbers:
        raise QuestionRefused(f"{name_of(step.subject)} is not a number")
    raw = f"ifNull({numbers[0].raw}, 0)"
    count = scope.parameters.add(step.per_doubling, "UInt8")
    return f"if({raw} < 1, -1, toInt32(floor(log2({raw}) * {count})))"


def _shown(selected: Subject, scope: Scope) -> str:
    expressions = subject_expressions(selected, scope)
    if len(expressions) == 1:
        return expressions[0].shown
    return f"tuple({', '.join(each.shown for each in expressions)})"


def _join(question: RowQuestion, scope: Scope) -> list[str]:
    """Return the join with the resources, if an attribute of theirs is shown, grouped or sorted."""
    chosen = (*question.selected, *(order.selected for order in question.order))
    subjects = [each.subject if isinstance(each, LogStep) else each for each in chosen]
    subjects += [each.subject for each in _aggregates(question) if each.subject is not None]
    if not any(isinstance(each, Attribute) and is_of_resource(each, scope) for each in subjects):
        return []
    resources = (
        "SELECT resource_id, any(attr_str) AS resource_str,"
        " any(attr_num) AS resource_num, any(attr_bool) AS resource_bool"
        f" FROM resources WHERE project_id IN {scope.projects} GROUP BY resource_id"
    )
    return [f"LEFT JOIN ({resources}) AS resource USING (resource_id)"]


def _group_places(question: RowQuestion) -> list[int]:
    return [place for place, each in enumerate(question.selected) if not is_of_group(each)]


def _order(order: Order, question: RowQuestion, scope: Scope) -> list[str]:
    way = "DESC" if order.is_descending else "ASC"
    selected = order.selected
    if not isinstance(selected, Field | Attribute) or _is_grouped(question):
        if selected not in question.selected:
            raise QuestionRefused(f"to sort groups by {name_of(selected)}, select it as well")
        place = question.selected.index(selected)
        count = _part_count(selected, scope)
        if count == 1:
            return [f"c{place} {way} NULLS LAST"]
        return [f"c{place}.{part} {way} NULLS LAST" for part in range(1, count + 1)]
    return [f"{_sorted(each)} {way} NULLS LAST" for each in subject_expressions(selected, scope)]


def _part_count(selected: Selected, scope: Scope) -> int:
    if isinstance(selected, Field | Attribute):
        return len(subject_expressions(selected, scope))
    return 1


def _sorted(expression: Expression) -> str:
    return expression.raw if expression.kind in (Kind.ID, Kind.TIME) else expression.shown
