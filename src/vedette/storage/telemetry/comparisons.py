"""One comparison as SQL, by what the subject holds. Never NULL."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from vedette.model.question import Compare, Field, Operator, Scalar
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.subjects import BY_NAME, Expression
from vedette.storage.telemetry.tables.column import Kind

VALUE_COUNT_MAX: Final = 10_000
"""Of one IN; a page of ids is the longest list that anybody needs."""

ORDERINGS: Final = (
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
)
NEVER: Final = "false"
_ID: Final = re.compile(r"[0-9a-fA-F]+")
_Comparer: TypeAlias = Callable[[Operator, tuple[Scalar, ...], Expression, Parameters], str]


class _WrongValue(Exception):  # noqa: N818 - told onwards as QuestionRefused
    """The value is not of the subject's kind, or the operator makes no sense for it."""


def compare_any(
    condition: Compare, expressions: tuple[Expression, ...], parameters: Parameters
) -> str:
    """Return whether it holds for the subject as any of the types that it may have.

    Raises:
        QuestionRefused: Values and subject do not fit, or there are too many values.
    """
    if condition.operator is Operator.IN:
        if len(condition.values) > VALUE_COUNT_MAX:
            raise QuestionRefused(f"a list may have {VALUE_COUNT_MAX} values")
    elif len(condition.values) != 1:
        raise QuestionRefused(f"{condition.operator.value} takes one value")
    subject = condition.subject
    # An attribute of one known type, such as a promoted one, may still be asked as any type.
    is_typed = isinstance(subject, Field) or subject.value_type is not None
    if is_typed and len(expressions) == 1:
        return _compare(condition, condition.values, expressions[0], parameters)
    parts = [compare_if_fitting(condition, each, parameters) for each in expressions]
    return any_of(part for part in parts if part != NEVER)


def compare_if_fitting(condition: Compare, expression: Expression, parameters: Parameters) -> str:
    """Return the same for one of many types: values of another type never hold."""
    values = tuple(
        fitting
        for value in condition.values
        if (fitting := _fitting(value, expression.kind)) is not None
    )
    is_order = condition.operator in ORDERINGS
    is_foreign = (is_order and values != condition.values) or (
        condition.operator not in (Operator.EQUAL, Operator.IN)
        and (expression.kind is Kind.BOOLEAN or (not is_order and expression.kind is not Kind.TEXT))
    )
    if not values or is_foreign:
        return NEVER
    return _compare(condition, values, expression, parameters)


def any_of(parts: Iterable[str]) -> str:
    """Return whether one of them holds."""
    listed = list(parts)
    if not listed:
        return NEVER
    return listed[0] if len(listed) == 1 else f"({' OR '.join(listed)})"


def like_pattern(pattern: str) -> str:
    r"""Return the engine's pattern for one of the model: `*` any text, `\*` a star, `\\` a `\`."""
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            parts.append("%")
            continue
        meant = next(characters, "\\") if character == "\\" else character
        parts.append(f"\\{meant}" if meant in "%_\\" else meant)
    return "".join(parts)


def _compare(
    condition: Compare, values: tuple[Scalar, ...], expression: Expression, parameters: Parameters
) -> str:
    try:
        return _COMPARERS[expression.kind](condition.operator, values, expression, parameters)
    except _WrongValue:
        subject = condition.subject
        name = subject.name if isinstance(subject, Field) else subject.key
        raise QuestionRefused(
            f"{name} is {BY_NAME[expression.kind]}: it cannot be compared by"
            f" {condition.operator.value} with {condition.values[0]!r}"
        ) from None


def _fitting(value: Scalar, kind: Kind) -> Scalar | None:
    """Return what a value means to an attribute of this type, whose type the asker did not say."""
    if kind is Kind.TEXT:
        return value if isinstance(value, str) else None
    if kind is Kind.BOOLEAN:
        return {"true": True, "false": False}.get(str(value).lower())
    if isinstance(value, str):
        try:
            return float(value) if value.isascii() and "_" not in value else None
        except ValueError:
            return None
    return None if isinstance(value, bool) else value


def _text(
    operator: Operator, values: tuple[Scalar, ...], expression: Expression, parameters: Parameters
) -> str:
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) < len(values):
        raise _WrongValue
    raw = expression.raw
    if operator is Operator.IN:
        compared = f"({raw} IN {parameters.texts(texts)})" if texts else NEVER
    elif operator is Operator.LIKE:
        compared = f"({raw} ILIKE {parameters.text(like_pattern(texts[0]))})"
    else:
        compared = f"({raw} {operator.value} {parameters.text(texts[0])})"
    # A missing attribute reads as the empty text; but it is none.
    is_exact = operator in (Operator.EQUAL, Operator.IN) and "" not in texts
    if is_exact or expression.shown == raw or compared == NEVER:
        return compared
    return f"(isNotNull({expression.shown}) AND {compared})"


def _id(
    operator: Operator, values: tuple[Scalar, ...], expression: Expression, parameters: Parameters
) -> str:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise _WrongValue
    if operator is Operator.LIKE:
        return f"({expression.shown} ILIKE {parameters.text(like_pattern(texts[0]))})"
    if operator in ORDERINGS:
        return f"({expression.shown} {operator.value} {parameters.text(texts[0].lower())})"
    length = expression.id_bytes * 2
    ids = tuple(text.lower() for text in texts if len(text) == length and _ID.fullmatch(text))
    if not ids:
        return NEVER
    if len(ids) == 1:
        known = f"toFixedString(unhex({parameters.text(ids[0])}), {expression.id_bytes})"
        return f"({expression.raw} = {known})"
    one = f"toFixedString(unhex(id), {expression.id_bytes})"
    return f"({expression.raw} IN arrayMap(id -> {one}, {parameters.texts(ids)}))"


def _time(
    operator: Operator, values: tuple[Scalar, ...], expression: Expression, parameters: Parameters
) -> str:
    moments = [int(value) for value in _numbers(values)]
    if operator is Operator.LIKE:
        raise _WrongValue
    word = "=" if operator is Operator.IN else operator.value
    return any_of(f"({expression.raw} {word} {parameters.moment(each)})" for each in moments)


def _number(
    operator: Operator, values: tuple[Scalar, ...], expression: Expression, parameters: Parameters
) -> str:
    numbers = _numbers(values)
    if operator is Operator.LIKE:
        raise _WrongValue
    whole = tuple(each for each in numbers if isinstance(each, int) and -(2**63) <= each < 2**63)
    if operator is Operator.IN and 1 < len(numbers) == len(whole):
        compared = f"({expression.raw} IN {parameters.add(whole, 'Array(Int64)')})"
    else:
        word = "=" if operator is Operator.IN else operator.value
        compared = any_of(
            f"({expression.raw} {word} {parameters.number(each)})" for each in numbers
        )
    if expression.there == "true" or compared == NEVER:
        return compared
    return f"({expression.there} AND ifNull({compared}, false))"


def _boolean(
    operator: Operator,
    values: tuple[Scalar, ...],
    expression: Expression,
    parameters: Parameters,  # noqa: ARG001 - a comparer's face
) -> str:
    flags = {value for value in values if isinstance(value, bool)}
    if len(flags) < len(set(values)) or operator not in (Operator.EQUAL, Operator.IN):
        raise _WrongValue
    compared = any_of(
        f"({expression.raw} = {'true' if flag else 'false'})" for flag in sorted(flags)
    )
    if expression.there == "true" or compared == NEVER:
        return compared
    return f"({expression.there} AND {compared})"


def _numbers(values: tuple[Scalar, ...]) -> list[int | float]:
    numbers = [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(numbers) < len(values):
        raise _WrongValue
    return numbers


_COMPARERS: Final[Mapping[Kind, _Comparer]] = {
    Kind.TEXT: _text,
    Kind.ID: _id,
    Kind.TIME: _time,
    Kind.NUMBER: _number,
    Kind.OPTIONAL_NUMBER: _number,
    Kind.BOOLEAN: _boolean,
}
