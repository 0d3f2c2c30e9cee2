"""From the tree of a search to a condition on one dataset: names resolved, values in its units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.question import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Contains,
    Field,
    Has,
    Not,
    Operator,
    Subject,
    ValueType,
)
from vedette.query.fields import DatasetMeaning, Kind
from vedette.query.iso_time import read_iso_time
from vedette.query.refusal import QuestionWrong
from vedette.query.search import (
    Comparison,
    Either,
    Every,
    Expression,
    Filter,
    SearchError,
    Value,
    Words,
    read_search,
)
from vedette.query.subject import read_subject
from vedette.query.time_range import read_period_s
from vedette.query.units import read_any_number, read_duration_ns, read_number

_OPERATORS: Final = {
    Comparison.EQUAL: Operator.EQUAL,
    Comparison.GREATER: Operator.GREATER,
    Comparison.GREATER_OR_EQUAL: Operator.GREATER_OR_EQUAL,
    Comparison.LESS: Operator.LESS,
    Comparison.LESS_OR_EQUAL: Operator.LESS_OR_EQUAL,
}
_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_USER_PARTS: Final = ("id", "email", "username", "ip")
_NUMBER_MAX: Final = 2**63 - 1
_DAY_LENGTH: Final = len("2026-01-01")


@dataclass(frozen=True, slots=True)
class SearchContext:
    """What a search must know besides its text."""

    meaning: DatasetMeaning
    project_ids: Mapping[str, int]
    """Of the projects that the asker may see, by slug."""
    now_ns: int
    length_ns: int | None = None
    """What rates are about: the whole time of a table, one step of a series."""


def search_context(
    meaning: DatasetMeaning,
    project_slugs: Mapping[int, str],
    now_ns: int,
    length_ns: int | None = None,
) -> SearchContext:
    """Return the context of a search in these projects."""
    project_ids = {slug: project_id for project_id, slug in project_slugs.items()}
    return SearchContext(meaning, project_ids, now_ns, length_ns)


def read_condition(text: str, context: SearchContext) -> Condition:
    """Read a search and resolve it.

    Raises:
        SearchError: The text is wrong, or a value does not fit its key.
    """
    return resolve(read_search(text), context)


def resolve(expression: Expression, context: SearchContext) -> Condition:
    """Return the condition that a tree of terms means.

    Raises:
        SearchError: A value does not fit its key.
    """
    match expression:
        case Every(members):
            return AllOf(tuple(resolve(member, context) for member in members))
        case Either(members):
            return AnyOf(tuple(resolve(member, context) for member in members))
        case Words():
            return _words(expression, context)
        case Filter():
            return resolve_filter(expression, context)


def resolve_filter(term: Filter, context: SearchContext) -> Condition:
    """Return the condition that one filter means.

    Raises:
        SearchError: A value does not fit the key.
    """
    condition = _filter(term, context)
    return Not(condition) if term.is_negated else condition


def _words(words: Words, context: SearchContext) -> Condition:
    condition: Condition = Contains(words.value.text)
    if words.value.is_pattern:
        pattern = f"*{_pattern(words.value).strip('*')}*"
        condition = Compare(Field(context.meaning.main_text), Operator.LIKE, (pattern,))
    return Not(condition) if words.is_negated else condition


def _filter(term: Filter, context: SearchContext) -> Condition:
    if term.key == "has":
        return _has(term, context)
    if term.key == "is":
        raise SearchError(
            position=term.position, expected="a filter of this dataset: it has no issues"
        )
    if term.key.endswith(")"):
        raise SearchError(
            position=term.position,
            expected="a field or attribute: functions are filtered beside all others, not in OR",
        )
    term = _split_user(term)
    try:
        subject, kind = read_subject(term.key, context.meaning)
    except QuestionWrong as error:
        raise SearchError(position=term.position, expected=str(error)) from error
    read = _READERS.get(kind, _text_condition) if kind else _attribute_condition
    conditions = tuple(read(subject, value, term, context) for value in term.values)
    return conditions[0] if len(conditions) == 1 else _any_of(conditions)


def _any_of(conditions: tuple[Condition, ...]) -> Condition:
    """Return one IN for a list of plain values: a thousand ORs would be slow."""
    equals = [
        condition
        for condition in conditions
        if isinstance(condition, Compare) and condition.operator is Operator.EQUAL
    ]
    subjects = {condition.subject for condition in equals}
    if len(equals) < len(conditions) or len(subjects) > 1:
        return AnyOf(conditions)
    values = tuple(condition.values[0] for condition in equals)
    return Compare(subjects.pop(), Operator.IN, values)


def _has(term: Filter, context: SearchContext) -> Condition:
    conditions = []
    for value in term.values:
        try:
            subject, _ = read_subject(value.text, context.meaning)
        except QuestionWrong as error:
            raise SearchError(position=value.position, expected=str(error)) from error
        conditions.append(Has(subject))
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def _split_user(term: Filter) -> Filter:
    """Read `user:email:someone@example.org` as `user.email:someone@example.org`."""
    if term.key != "user" or len(term.values) != 1:
        return term
    value = term.values[0]
    part, colon, rest = value.parts[0].partition(":")
    if not colon or part not in _USER_PARTS:
        return term
    new_value = Value((rest, *value.parts[1:]), value.position, is_quoted=value.is_quoted)
    return Filter(f"user.{part}", term.comparison, (new_value,), term.is_negated, term.position)


def _text_condition(
    subject: Subject, value: Value, term: Filter, _context: SearchContext
) -> Condition:
    if term.comparison is not Comparison.EQUAL:
        raise SearchError(
            position=value.position, expected=f"a plain value: {term.key} is text, not a number"
        )
    if value.is_pattern:
        return Compare(subject, Operator.LIKE, (_pattern(value),))
    if not value.text:
        return Not(Has(subject))
    return Compare(subject, Operator.EQUAL, (value.text,))


def _id_condition(
    subject: Subject, value: Value, term: Filter, context: SearchContext
) -> Condition:
    lowered = Value(tuple(part.replace("-", "").lower() for part in value.parts), value.position)
    if not set(lowered.text) <= set("0123456789abcdef*"):
        raise SearchError(position=value.position, expected="hex digits")
    return _text_condition(subject, lowered, term, context)


def _number_condition(
    subject: Subject, value: Value, term: Filter, _context: SearchContext
) -> Condition:
    return _compare(subject, value, term, read=read_number, expected="a number")


def _duration_condition(
    subject: Subject, value: Value, term: Filter, _context: SearchContext
) -> Condition:
    expected = "a length of time such as 250ms or 1.5s"
    return _compare(subject, value, term, read=read_duration_ns, expected=expected)


def _boolean_condition(
    subject: Subject, value: Value, term: Filter, _context: SearchContext
) -> Condition:
    return _compare(
        subject,
        value,
        term,
        read=lambda text: _TRUTHS.get(text.lower()),
        expected="true or false",
    )


def _project_condition(
    subject: Subject, value: Value, term: Filter, context: SearchContext
) -> Condition:
    if term.comparison is not Comparison.EQUAL or value.is_pattern:
        raise SearchError(position=value.position, expected="the slug of a project")
    # A project that is unknown to the asker matches nothing, and says nothing of others' projects.
    project_id = context.project_ids.get(value.text, 0)
    return Compare(subject, Operator.EQUAL, (project_id,))


def _time_condition(
    subject: Subject, value: Value, term: Filter, context: SearchContext
) -> Condition:
    text = value.text
    if text[:1] in {"-", "+"}:
        return _ago(subject, value, term, context)
    time_ns = read_iso_time(text)
    if time_ns is None or value.is_pattern:
        raise SearchError(position=value.position, expected="a time such as 2026-01-31T12:00:00Z")
    if term.comparison is not Comparison.EQUAL:
        return Compare(subject, _OPERATORS[term.comparison], (time_ns,))
    length_ns = (86_400 if len(text) == _DAY_LENGTH else 1) * NANOSECONDS_PER_SECOND
    return AllOf(
        (
            Compare(subject, Operator.GREATER_OR_EQUAL, (time_ns,)),
            Compare(subject, Operator.LESS, (time_ns + length_ns,)),
        )
    )


def _ago(subject: Subject, value: Value, term: Filter, context: SearchContext) -> Condition:
    """`-24h` is later than a day ago, `+24h` is earlier; `>=-24h` and `<-24h` say it plainly."""
    try:
        length_s = read_period_s(value.text[1:], name="time")
    except QuestionWrong as error:
        raise SearchError(position=value.position, expected="a time such as -24h") from error
    moment_ns = max(0, context.now_ns - length_s * NANOSECONDS_PER_SECOND)
    is_later = value.text[0] == "-"
    operator = Operator.GREATER_OR_EQUAL if is_later else Operator.LESS_OR_EQUAL
    if term.comparison is not Comparison.EQUAL:
        operator = _OPERATORS[term.comparison]
    return Compare(subject, operator, (moment_ns,))


def _attribute_condition(
    subject: Subject, value: Value, term: Filter, context: SearchContext
) -> Condition:
    assert isinstance(subject, Attribute)
    match subject.value_type:
        case ValueType.NUMBER:
            return _compare(subject, value, term, read=read_any_number, expected="a number")
        case ValueType.BOOLEAN:
            return _boolean_condition(subject, value, term, context)
        case ValueType.STRING:
            return _text_condition(subject, value, term, context)
        case None if term.comparison is not Comparison.EQUAL:
            number = Attribute(subject.key, ValueType.NUMBER)
            return _compare(number, value, term, read=read_any_number, expected="a number")
        case None:
            return _text_condition(subject, value, term, context)


def _compare(
    subject: Subject,
    value: Value,
    term: Filter,
    *,
    read: Callable[[str], float | None],
    expected: str,
) -> Condition:
    scalar = None if value.is_pattern else read(value.text)
    if scalar is None:
        raise SearchError(position=value.position, expected=expected)
    if abs(scalar) > _NUMBER_MAX:
        raise SearchError(position=value.position, expected="a smaller number")
    return Compare(subject, _OPERATORS[term.comparison], (scalar,))


def _pattern(value: Value) -> str:
    """Return the pattern in the model's words: a backslash takes the meaning from a star."""
    return "*".join(part.replace("\\", "\\\\").replace("*", "\\*") for part in value.parts)


_READERS: Final[Mapping[Kind, Callable[[Subject, Value, Filter, SearchContext], Condition]]] = {
    Kind.ID: _id_condition,
    Kind.NUMBER: _number_condition,
    Kind.INTEGER: _number_condition,
    Kind.DURATION: _duration_condition,
    Kind.BOOLEAN: _boolean_condition,
    Kind.PROJECT_SLUG: _project_condition,
    Kind.TIME: _time_condition,
    Kind.SECONDS: _time_condition,
    Kind.NANOSECONDS: _time_condition,
}
