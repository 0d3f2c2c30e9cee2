"""Aggregates and formulas as SQL: one value of the rows of a group."""

from typing import Final, assert_never

from vedette.model.question import (
    Aggregate,
    Arithmetic,
    Attribute,
    CompareMeasure,
    Constant,
    Field,
    Formula,
    Function,
    Measure,
    Operator,
)
from vedette.storage.telemetry.comparisons import any_of
from vedette.storage.telemetry.conditions import condition_sql
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.subjects import Expression, Scope, subject_expressions
from vedette.storage.telemetry.tables.column import Kind

WEIGHT_SCALE: Final = 60
"""Digests take whole weights: so many of them make one row, which divides well."""

_COUNTS: Final = (Function.COUNT, Function.SAMPLE_COUNT, Function.WEIGHT_SQUARES)
_COMPARISONS: Final = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}


def measure_sql(measure: Measure, scope: Scope) -> str:
    """Return a measure as SQL. It is NULL where there is nothing to measure.

    Raises:
        QuestionRefused: It measures what is no number, or something that is not there.
    """
    match measure:
        case Constant(value):
            return scope.parameters.number(float(value))
        case Formula(arithmetic, left, right):
            left_sql, right_sql = measure_sql(left, scope), measure_sql(right, scope)
            if arithmetic is Arithmetic.DIVIDE:
                return f"({left_sql} / nullIf({right_sql}, 0))"
            # As floats: what is counted has no sign, and a difference may be below zero.
            return f"(toFloat64({left_sql}) {arithmetic.value} {right_sql})"
        case Aggregate():
            return _aggregate(measure, scope)
        case _ as unreachable:
            assert_never(unreachable)


def having_sql(condition: CompareMeasure, scope: Scope) -> str:
    """Return a condition on groups as SQL, true or false.

    Raises:
        QuestionRefused: The operator is not for numbers.
    """
    word = _COMPARISONS.get(condition.operator)
    if word is None:
        raise QuestionRefused(f"a measure cannot be compared by {condition.operator.value}")
    value = scope.parameters.number(condition.value)
    return f"ifNull({measure_sql(condition.measure, scope)} {word} {value}, false)"


def aggregates_of(measure: Measure) -> list[Aggregate]:
    """Return the aggregates that a measure is made of, from left to right."""
    match measure:
        case Aggregate():
            return [measure]
        case Formula(_, left, right):
            return [*aggregates_of(left), *aggregates_of(right)]
        case Constant():
            return []
        case _ as unreachable:
            assert_never(unreachable)


def measure_name(measure: Measure) -> str:
    """Return what a measure is called in an answer; whoever asks for several reads by place."""
    if not isinstance(measure, Aggregate):
        return "formula"
    subject = measure.subject
    named = "" if subject is None else subject.key if isinstance(subject, Attribute) else ""
    named = subject.name if isinstance(subject, Field) else named
    suffix = "" if measure.where is None else "_if"
    function = measure.function.value
    if measure.share is not None:
        function = f"p{measure.share * 100:g}"
    return f"{function}{suffix}({named})"


def _aggregate(aggregate: Aggregate, scope: Scope) -> str:
    function, subject = aggregate.function, aggregate.subject
    only = [] if aggregate.where is None else [condition_sql(aggregate.where, scope)]
    if subject is None:
        if function not in _COUNTS:
            raise QuestionRefused(f"{function.value}() needs a field")
        return _count(function, only, scope)
    expressions = subject_expressions(subject, scope)
    there = any_of(each.there for each in expressions)
    if function in _COUNTS:
        return _count(function, [there, *only], scope)
    if function is Function.COUNT_UNIQUE:
        values = ", ".join(each.shown for each in expressions)
        return f"uniqIf(tuple({values}), {_all_of([there, *only])})"
    measured = _measured(aggregate, expressions)
    conditions = [*([] if measured.there == "true" else [measured.there]), *only]
    return _number(aggregate, measured, conditions, scope)


def _count(function: Function, conditions: list[str], scope: Scope) -> str:
    if function is Function.SAMPLE_COUNT or scope.weight is None:
        return f"countIf({_all_of(conditions)})" if conditions else "count()"
    square = f"pow({scope.weight}, 2)"
    summed = scope.weight if function is Function.COUNT else square
    return f"sumIf({summed}, {_all_of(conditions)})" if conditions else f"sum({summed})"


def _measured(aggregate: Aggregate, expressions: tuple[Expression, ...]) -> Expression:
    """Return that of the types that can be measured."""
    allowed = [Kind.NUMBER]
    if aggregate.function in (Function.MIN, Function.MAX):
        allowed.append(Kind.TIME)
    for expression in expressions:
        if expression.kind in allowed:
            return expression
    raise QuestionRefused(f"{measure_name(aggregate)} needs a field of numbers")


def _number(aggregate: Aggregate, measured: Expression, conditions: list[str], scope: Scope) -> str:
    function, raw = aggregate.function, measured.raw
    suffix = "OrNullIf" if conditions else "OrNull"
    rest = f", {_all_of(conditions)}" if conditions else ""
    if function is Function.PERCENTILE:
        function, called = _percentile(aggregate, scope)
        if called:
            return called.format(suffix=suffix, raw=raw, rest=rest)
    weight = scope.weight
    if weight is not None and function is Function.SUM:
        return f"sum{suffix}({raw} * {weight}{rest})"
    if weight is not None and function is Function.AVG:
        return f"(sum{suffix}({raw} * {weight}{rest}) / sum{suffix}({weight}{rest}))"
    value = f"{function.value}{suffix}({raw}{rest})"
    if measured.kind is Kind.TIME:
        return f"toUnixTimestamp64Nano(toDateTime64({value}, 9, 'UTC'))"
    return value


def _percentile(aggregate: Aggregate, scope: Scope) -> tuple[Function, str]:
    """Return the call with places for suffix and arguments; none where it is an end itself."""
    share = aggregate.share
    if share is None or not 0 <= share <= 1:
        raise QuestionRefused("a percentile needs a share from 0 to 1")
    if share in (0, 1):
        return (Function.MIN if share == 0 else Function.MAX), ""
    # A number of ours, not a client's text; the engine takes no parameter here.
    if scope.weight is None:
        return aggregate.function, f"quantileTDigest{{suffix}}({float(share)!r})({{raw}}{{rest}})"
    whole = f"toUInt64(round({scope.weight} * {WEIGHT_SCALE}))"
    call = f"quantileTDigestWeighted{{suffix}}({float(share)!r})({{raw}}, {whole}{{rest}})"
    return aggregate.function, call


def _all_of(conditions: list[str]) -> str:
    return " AND ".join(conditions)
