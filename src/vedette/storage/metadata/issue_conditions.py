"""Conditions over issues as SQL. Each is true or false for every issue, never NULL."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.sql.schema import Column, Table

from vedette.model.issue_question import FLAG_FIELDS, MEMBER_FIELDS, NUMBER_FIELDS, TEXT_FIELDS
from vedette.model.question import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Field,
    Has,
    Not,
    Operator,
    Scalar,
    Subject,
)
from vedette.storage.metadata import rules
from vedette.storage.metadata.issue_book_port import IssueQuestionWrong
from vedette.storage.metadata.tables_issues import (
    issue_activities,
    issue_bookmarks,
    issue_hashes,
    issue_subscriptions,
    issue_visits,
    issues,
)

Truth: TypeAlias = ColumnElement[bool]

VALUE_COUNT_MAX: Final = 10_000
_NAMES: Final = {
    "issue.id": "issue_id",
    "issue.number": "number",
    "project.id": "project_id",
    "error.type": "error_type",
    "error.value": "error_value",
    "first_seen": "first_seen_ns",
    "last_seen": "last_seen_ns",
    "status_since": "status_since_ns",
    "unhandled": "is_unhandled",
}
_MEMBERS: Final[dict[str, tuple[Table, str]]] = {
    "bookmarked_by": (issue_bookmarks, "user_id"),
    "subscriber": (issue_subscriptions, "user_id"),
    "seen_by": (issue_visits, "user_id"),
    "commented_by": (issue_activities, "user_id"),
    "hash": (issue_hashes, "hash"),
}
_NEGATIVE: Final = (Operator.NOT_EQUAL, Operator.NOT_IN, Operator.NOT_LIKE)


def condition_sql(condition: Condition) -> Truth:
    """Return a condition as SQL over `issues`.

    Raises:
        IssueQuestionWrong: It asks for something that issues do not have.
    """
    match condition:
        case AllOf(parts):
            return and_(true(), *map(condition_sql, parts))
        case AnyOf(parts):
            return or_(false(), *map(condition_sql, parts))
        case Not(part):
            return not_(condition_sql(part))
        case Contains(text):
            return _contains(text)
        case Has(subject):
            return _has(_name_of(subject))
        case Compare(subject, operator, values):
            return _compare(_name_of(subject), operator, values)


def _name_of(subject: Subject) -> str:
    if isinstance(subject, Field):
        return subject.name
    raise IssueQuestionWrong("issues are asked by their fields, not by attributes of events")


def _contains(text: str) -> Truth:
    pattern = f"%{_literal(text)}%"
    columns = (issues.c.title, issues.c.culprit, issues.c.error_value)
    return or_(*(each.ilike(pattern, escape="\\") for each in columns))


def _has(name: str) -> Truth:
    if name in MEMBER_FIELDS:
        return _is_member(name, None)
    if name == "assigned_to":
        return issues.c.assigned_to.is_not(None)
    if name in TEXT_FIELDS:
        return _text(name) != ""
    _column(name)
    return true()


def _compare(name: str, operator: Operator, values: Sequence[Scalar]) -> Truth:
    if len(values) > VALUE_COUNT_MAX:
        raise IssueQuestionWrong(f"at most {VALUE_COUNT_MAX} values can be asked for at once")
    if operator not in (Operator.IN, Operator.NOT_IN) and len(values) != 1:
        raise IssueQuestionWrong(f"{name} is compared with one value, not {len(values)}")
    if operator in _NEGATIVE:
        return not_(_compare(name, _POSITIVE_OF[operator], values))
    if name in MEMBER_FIELDS:
        if operator not in (Operator.EQUAL, Operator.IN):
            raise IssueQuestionWrong(f"{name} cannot be compared by {operator.value}")
        return _is_member(name, values)
    if name in TEXT_FIELDS:
        return _compare_text(name, operator, values)
    if name in FLAG_FIELDS:
        wanted = [each for each in values if isinstance(each, bool)]
        if operator not in (Operator.EQUAL, Operator.IN) or len(wanted) != len(values):
            raise IssueQuestionWrong(f"{name} is true or false")
        return _column(name).in_(wanted)
    return _compare_number(name, operator, values)


_POSITIVE_OF: Final = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_LIKE: Operator.LIKE,
}


def _compare_text(name: str, operator: Operator, values: Sequence[Scalar]) -> Truth:
    texts = [rules.keepable(str(each)[: rules.TEXT_LENGTH_MAX]) for each in values]
    if operator is Operator.LIKE:
        return _text(name).ilike(_pattern(texts[0]), escape="\\")
    if operator in (Operator.EQUAL, Operator.IN):
        return _text(name).in_(texts)
    raise IssueQuestionWrong(f"{name} is a text: it cannot be compared by {operator.value}")


def _compare_number(name: str, operator: Operator, values: Sequence[Scalar]) -> Truth:
    column = func.coalesce(_column(name), 0) if name == "assigned_to" else _column(name)
    numbers = [each for each in values if isinstance(each, int) and not isinstance(each, bool)]
    if len(numbers) != len(values):
        raise IssueQuestionWrong(f"{name} is a whole number")
    numbers = [min(max(each, -rules.ID_MAX), rules.ID_MAX) for each in numbers]
    match operator:
        case Operator.EQUAL | Operator.IN:
            return column.in_(numbers)
        case Operator.LESS:
            return column < numbers[0]
        case Operator.LESS_OR_EQUAL:
            return column <= numbers[0]
        case Operator.GREATER:
            return column > numbers[0]
        case Operator.GREATER_OR_EQUAL:
            return column >= numbers[0]
        case _:
            raise IssueQuestionWrong(f"{name} is a number: it cannot be like something")


def _is_member(name: str, values: Sequence[Scalar] | None) -> Truth:
    table, column = _MEMBERS[name]
    conditions: list[Truth] = [table.c.issue_id == issues.c.issue_id]
    if values is not None:
        kind = str if name == "hash" else int
        wanted = [each for each in values if type(each) is kind]
        if len(wanted) != len(values):
            raise IssueQuestionWrong(f"{name} is asked with {'texts' if kind is str else 'ids'}")
        conditions.append(table.c[column].in_(wanted))
    if name == "subscriber":
        conditions.append(table.c.is_active)
    if name == "commented_by":
        conditions.append(table.c.type == "note")
    return exists(select(1).where(*conditions))


def _column(name: str) -> Column[object]:
    if name not in NUMBER_FIELDS and name not in FLAG_FIELDS and name not in TEXT_FIELDS:
        raise IssueQuestionWrong(f"issues have no field {name!r}")
    return issues.c[_NAMES.get(name, name)]


def _text(name: str) -> ColumnElement[str]:
    return func.coalesce(_column(name), "")


def _pattern(text: str) -> str:
    r"""Return the pattern of SQL for one of the model: `*` any text, `\*` a star, `\\` a `\`."""
    parts: list[str] = []
    characters = iter(text)
    for character in characters:
        if character == "*":
            parts.append("%")
            continue
        meant = next(characters, "\\") if character == "\\" else character
        parts.append(_literal(meant))
    return "".join(parts)


def _literal(text: str) -> str:
    plain = rules.keepable(text[: rules.TEXT_LENGTH_MAX])
    return plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
