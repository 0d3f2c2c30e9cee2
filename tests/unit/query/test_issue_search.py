"""Searches for issues: which part speaks of the issue, which of its events."""

import pytest

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
)
from vedette.query.issue_search import IssueSearchContext, read_issue_search
from vedette.query.search import SearchError

DAY_NS = 86_400 * 1_000_000_000
CONTEXT = IssueSearchContext(
    project_ids={"shop": 7}, user_ids={"ada@example.org": 3}, me=5, now_ns=100 * DAY_NS
)
FOUND = Compare(Field("issue.id"), Operator.IN, (1, 2))


def _read(text: str) -> tuple[Condition, list[Condition]]:
    asked: list[Condition] = []

    def find(condition: Condition) -> Condition:
        asked.append(condition)
        return FOUND

    return read_issue_search(text, CONTEXT, find), asked


def _is(field: str, *values: str | int) -> Compare:
    operator = Operator.EQUAL if len(values) == 1 else Operator.IN
    return Compare(Field(field), operator, values)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("is:unresolved", _is("status", "unresolved")),
        ("!is:archived", Not(_is("status", "ignored"))),
        ("is:unassigned", Not(Has(Field("assigned_to")))),
        ("assigned:me", _is("assigned_to", 5)),
        ("assigned:ada@example.org", _is("assigned_to", 3)),
        ("assigned:nobody-we-know@example.org", _is("assigned_to", -1)),
        (
            "bookmarks:[me, none]",
            AnyOf((_is("bookmarked_by", 5), Not(Has(Field("bookmarked_by"))))),
        ),
        ("level:[error,fatal]", _is("level", "error", "fatal")),
        ("timesSeen:>10", Compare(Field("times_seen"), Operator.GREATER, (10,))),
        ("firstSeen:-24h", Compare(Field("first_seen"), Operator.GREATER_OR_EQUAL, (99 * DAY_NS,))),
        ("age:+24h", Compare(Field("first_seen"), Operator.LESS_OR_EQUAL, (99 * DAY_NS,))),
        ("has:firstRelease", Has(Field("first_release"))),
        ("time out", Contains("time out")),
        ("issue:SHOP-1", AllOf((_is("project.id", 7), _is("issue.number", 1)))),
        ("project:shop", _is("project.id", 7)),
        ("issue.category:performance", _is("category", "performance")),
    ],
)
def test_what_an_issue_is_like_is_asked_of_the_issues(text: str, condition: Condition) -> None:
    assert _read(text) == (condition, [])


def test_filters_of_events_side_by_side_hold_of_one_event() -> None:
    condition, asked = _read("is:unresolved browser:Firefox release:1.0 boom")
    assert condition == AllOf((_is("status", "unresolved"), Contains("boom"), FOUND))
    assert asked == [
        AllOf(
            (
                Compare(Attribute("browser"), Operator.EQUAL, ("Firefox",)),
                _is("release", "1.0"),
            )
        )
    ]


def test_either_of_issue_and_event_asks_only_for_the_event() -> None:
    condition, asked = _read("is:resolved OR release:1.0")
    assert condition == AnyOf((_is("status", "resolved"), FOUND))
    assert asked == [_is("release", "1.0")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is:sad", "one of unresolved, resolved"),
        ("timesSeen:1.5", "a whole number"),
        ("timesSeen:many", "a number"),
        ("issue:17", "the short id of an issue"),
        ("is:n*w", "a plain value"),
    ],
)
def test_a_wrong_search_is_told_where_and_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(SearchError, match=expected) as refusal:
        _read(text)
    assert refusal.value.position == text.index(":") + 1
