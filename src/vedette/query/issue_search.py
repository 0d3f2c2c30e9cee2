"""Searches for issues: what they are themselves, and what one of their events must be like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from vedette.model.issue import IssueStatus, Substatus
from vedette.model.question import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dataset,
    Field,
    Has,
    Not,
    Operator,
)
from vedette.model.short_id import read_short_id
from vedette.query.condition import SearchContext, resolve, resolve_filter
from vedette.query.fields import MEANINGS, DatasetMeaning, FieldMeaning, Kind
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

if TYPE_CHECKING:
    from vedette.model.question import Scalar

FindsIssues: TypeAlias = Callable[[Condition], Condition]
"""From what must hold of one event to what must hold of the issue: that it is one of those."""

_FIELDS: Final = {
    "title": FieldMeaning("title"),
    "culprit": FieldMeaning("culprit"),
    "location": FieldMeaning("culprit"),
    "level": FieldMeaning("level"),
    "logger": FieldMeaning("logger"),
    "platform": FieldMeaning("platform"),
    "platform.name": FieldMeaning("platform"),
    "error.type": FieldMeaning("error.type"),
    "error.value": FieldMeaning("error.value"),
    "status": FieldMeaning("status"),
    "substatus": FieldMeaning("substatus"),
    "priority": FieldMeaning("priority"),
    "issue.priority": FieldMeaning("priority"),
    "issue.category": FieldMeaning("category"),
    "issue.type": FieldMeaning("kind"),
    "issue.id": FieldMeaning("issue.id", Kind.INTEGER),
    "firstRelease": FieldMeaning("first_release"),
    "first-release": FieldMeaning("first_release"),
    "lastRelease": FieldMeaning("last_release"),
    "regressed_in_release": FieldMeaning("regressed_in"),
    "firstSeen": FieldMeaning("first_seen", Kind.TIME),
    "first_seen": FieldMeaning("first_seen", Kind.TIME),
    "age": FieldMeaning("first_seen", Kind.TIME),
    "lastSeen": FieldMeaning("last_seen", Kind.TIME),
    "last_seen": FieldMeaning("last_seen", Kind.TIME),
    "timesSeen": FieldMeaning("times_seen", Kind.INTEGER),
    "times_seen": FieldMeaning("times_seen", Kind.INTEGER),
    "project": FieldMeaning("project.id", Kind.PROJECT_SLUG),
    "project.name": FieldMeaning("project.id", Kind.PROJECT_SLUG),
    "project.id": FieldMeaning("project.id", Kind.INTEGER),
}
_PEOPLE: Final = {
    "assigned": "assigned_to",
    "assigned_or_suggested": "assigned_to",
    "assignee": "assigned_to",
    "bookmarks": "bookmarked_by",
    "subscribed": "subscriber",
    "viewed_by": "seen_by",
    "commented": "commented_by",
}
_NOBODY: Final = frozenset({"none", "nobody"})


def _has_status(status: IssueStatus) -> Condition:
    return Compare(Field("status"), Operator.EQUAL, (status.value,))


def _has_substatus(substatus: Substatus) -> Condition:
    return Compare(Field("substatus"), Operator.EQUAL, (substatus.value,))


_IS: Final[Mapping[str, Condition]] = {
    "unresolved": _has_status(IssueStatus.UNRESOLVED),
    "resolved": _has_status(IssueStatus.RESOLVED),
    "ignored": _has_status(IssueStatus.IGNORED),
    "archived": _has_status(IssueStatus.IGNORED),
    "muted": _has_status(IssueStatus.IGNORED),
    "new": _has_substatus(Substatus.NEW),
    "ongoing": _has_substatus(Substatus.ONGOING),
    "escalating": _has_substatus(Substatus.ESCALATING),
    "regressed": _has_substatus(Substatus.REGRESSED),
    "archived_until_escalating": _has_substatus(Substatus.UNTIL_ESCALATING),
    "until_escalating": _has_substatus(Substatus.UNTIL_ESCALATING),
    "archived_until_condition_met": _has_substatus(Substatus.UNTIL_CONDITION_MET),
    "until_condition_met": _has_substatus(Substatus.UNTIL_CONDITION_MET),
    "archived_forever": _has_substatus(Substatus.FOREVER),
    "forever": _has_substatus(Substatus.FOREVER),
    "for_review": AllOf(
        (
            _has_status(IssueStatus.UNRESOLVED),
            Compare(
                Field("substatus"),
                Operator.IN,
                (Substatus.NEW.value, Substatus.REGRESSED.value, Substatus.ESCALATING.value),
            ),
        )
    ),
    "assigned": Has(Field("assigned_to")),
    "unassigned": Not(Has(Field("assigned_to"))),
    "unhandled": Compare(Field("unhandled"), Operator.EQUAL, (True,)),
    "handled": Compare(Field("unhandled"), Operator.EQUAL, (False,)),
}

ISSUES: Final = DatasetMeaning(
    # Where their events lie: an issue is asked of the metadata.
    dataset=Dataset.ERRORS,
    public_name="issues",
    fields=_FIELDS,
    main_text="title",
    default_order="-last_seen",
    identity=("issue.id",),
)


@dataclass(frozen=True, slots=True)
class IssueSearchContext:
    """What a search for issues must know besides its text."""

    project_ids: Mapping[str, int]
    """Of the projects that the asker may see, by slug."""
    user_ids: Mapping[str, int]
    """By address, in lower case."""
    me: int
    now_ns: int

    def on(self, meaning: DatasetMeaning) -> SearchContext:
        """Return what the reader of filters must know."""
        return SearchContext(meaning, self.project_ids, self.now_ns)


def read_issue_search(text: str, context: IssueSearchContext, find: FindsIssues) -> Condition:
    """Read a search into a condition over issues.

    Filters of events that stand side by side must hold of one and the same event; `find` is asked
    which issues have one.

    Raises:
        SearchError: The text is wrong, or a value does not fit its key.
    """
    return _resolve(read_search(text), context, find)


def _resolve(expression: Expression, context: IssueSearchContext, find: FindsIssues) -> Condition:
    if _is_of_events(expression):
        return find(resolve(expression, context.on(MEANINGS["errors"])))
    match expression:
        case Every(members):
            events = tuple(each for each in members if _is_of_events(each))
            parts = [_resolve(each, context, find) for each in members if each not in events]
            if events:
                parts.append(_resolve(Every(events), context, find))
            return AllOf(tuple(parts))
        case Either(members):
            return AnyOf(tuple(_resolve(each, context, find) for each in members))
        case Words():
            return resolve(expression, context.on(ISSUES))
        case Filter():
            condition = _filter(expression, context)
            return Not(condition) if expression.is_negated else condition


def _is_of_events(expression: Expression) -> bool:
    """Tell whether this speaks of nothing but events (and says something)."""
    match expression:
        case Every(members) | Either(members):
            return bool(members) and all(map(_is_of_events, members))
        case Words():
            return False
        case Filter("has"):
            return not any(_is_of_issues(value.text) for value in expression.values)
        case Filter(key):
            return not _is_of_issues(key)


def _is_of_issues(key: str) -> bool:
    return key in _FIELDS or key in _PEOPLE or key in {"is", "issue", "hash"}


def _filter(term: Filter, context: IssueSearchContext) -> Condition:
    if term.key == "is":
        return _any(tuple(_is(value) for value in _plain(term)))
    if term.key == "issue":
        return _any(tuple(_short_id(value, context) for value in _plain(term)))
    if term.key == "hash":
        hashes = tuple(value.text.lower() for value in _plain(term))
        return Compare(Field("hash"), Operator.IN, hashes)
    if term.key in _PEOPLE:
        return _people(_PEOPLE[term.key], term, context)
    if term.key == "has":
        return _any(tuple(_has(value) for value in _plain(term)))
    plain = Filter(
        term.key,
        term.comparison,
        term.values,
        is_negated=False,
        position=term.position,
        is_list=term.is_list,
    )
    return _in_whole_numbers(resolve_filter(plain, context.on(ISSUES)), term)


def _plain(term: Filter) -> tuple[Value, ...]:
    if term.comparison is not Comparison.EQUAL or any(each.is_pattern for each in term.values):
        raise SearchError(position=term.values[0].position, expected="a plain value")
    return term.values


def _any(conditions: tuple[Condition, ...]) -> Condition:
    return conditions[0] if len(conditions) == 1 else AnyOf(conditions)


def _is(value: Value) -> Condition:
    found = _IS.get(value.text.lower())
    if found is None:
        raise SearchError(position=value.position, expected="one of " + ", ".join(_IS))
    return found


def _short_id(value: Value, context: IssueSearchContext) -> Condition:
    short_id = read_short_id(value.text)
    if short_id is None:
        raise SearchError(position=value.position, expected="the short id of an issue")
    slug, number = short_id
    return AllOf(
        (
            Compare(Field("project.id"), Operator.EQUAL, (context.project_ids.get(slug, 0),)),
            Compare(Field("issue.number"), Operator.EQUAL, (number,)),
        )
    )


def _people(field: str, term: Filter, context: IssueSearchContext) -> Condition:
    conditions: list[Condition] = []
    for value in _plain(term):
        name = value.text.lower()
        if name in _NOBODY or not name:
            conditions.append(Not(Has(Field(field))))
        else:
            # Somebody who is unknown has nothing, and is not told about.
            user_id = context.me if name == "me" else context.user_ids.get(name, -1)
            conditions.append(Compare(Field(field), Operator.EQUAL, (user_id,)))
    return _any(tuple(conditions))


def _has(value: Value) -> Condition:
    name = _PEOPLE.get(value.text) or (
        _FIELDS[value.text].column if value.text in _FIELDS else value.text
    )
    return Has(Field(name))


def _in_whole_numbers(condition: Condition, term: Filter) -> Condition:
    """Return the condition with whole numbers where a field counts something."""
    if not isinstance(condition, Compare) or _FIELDS[term.key].kind is not Kind.INTEGER:
        return condition
    values: list[Scalar] = []
    for each in condition.values:
        if isinstance(each, float) and not each.is_integer():
            raise SearchError(position=term.values[0].position, expected="a whole number")
        values.append(int(each) if isinstance(each, float) else each)
    return Compare(condition.subject, condition.operator, tuple(values))
