"""The condition that a row belongs to one group, given what the group was grouped by."""

from collections.abc import Sequence

from vedette.model.json_value import JsonValue
from vedette.model.question import (
    AllOf,
    Attribute,
    Compare,
    Condition,
    Has,
    Not,
    Operator,
    Scalar,
    Subject,
    ValueType,
)
from vedette.query.fields import Kind


def is_group(
    subjects: Sequence[Subject], values: Sequence[JsonValue], kinds: Sequence[Kind | None]
) -> Condition:
    """Return the condition that a row has these values."""
    return AllOf(
        tuple(
            equals(subject, value, kind)
            for subject, value, kind in zip(subjects, values, kinds, strict=True)
        )
    )


def equals(subject: Subject, value: JsonValue, kind: Kind | None) -> Condition:
    """Return the condition that a row has this value; none and empty are the same."""
    if value is None or value == "" or not isinstance(value, str | int | float | bool):
        return Not(Has(subject))
    known = bool(value) if kind is Kind.BOOLEAN else value
    if isinstance(subject, Attribute) and subject.value_type is None:
        # Of any type: a text that says a number is not that number.
        subject = Attribute(subject.key, _type_of(value))
    return Compare(subject, Operator.EQUAL, (known,))


def _type_of(value: Scalar) -> ValueType:
    if isinstance(value, bool):
        return ValueType.BOOLEAN
    return ValueType.STRING if isinstance(value, str) else ValueType.NUMBER
