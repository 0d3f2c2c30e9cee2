"""Searches as conditions on a dataset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    ValueType,
)
from vedette.query.condition import SearchContext, read_condition
from vedette.query.fields import MEANINGS
from vedette.query.search import SearchError

DAY_NS = 86_400_000_000_000
NOW_NS = 20_000 * DAY_NS


def condition(text: str, dataset: str = "spans") -> Condition:
    return read_condition(text, SearchContext(MEANINGS[dataset], {"web": 7}, NOW_NS))


DURATION = Field("span.duration")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", AllOf(()), id="nothing is everything"),
        pytest.param(
            "span.op:db", Compare(Field("span.op"), Operator.EQUAL, ("db",)), id="a field"
        ),
        pytest.param(
            "op:db", Compare(Field("span.op"), Operator.EQUAL, ("db",)), id="its other name"
        ),
        pytest.param(
            "!span.op:db", Not(Compare(Field("span.op"), Operator.EQUAL, ("db",))), id="negated"
        ),
        pytest.param(
            "span.op:[db,http]",
            Compare(Field("span.op"), Operator.IN, ("db", "http")),
            id="a list is one comparison",
        ),
        pytest.param(
            "span.op:[db,ht*]",
            AnyOf(
                (
                    Compare(Field("span.op"), Operator.EQUAL, ("db",)),
                    Compare(Field("span.op"), Operator.LIKE, ("ht*",)),
                )
            ),
            id="a list with a pattern",
        ),
        pytest.param(
            "span.op:*part*", Compare(Field("span.op"), Operator.LIKE, ("*part*",)), id="a pattern"
        ),
        pytest.param(
            r"span.op:a\*b*",
            Compare(Field("span.op"), Operator.LIKE, (r"a\*b*",)),
            id="a literal star in a pattern",
        ),
        pytest.param('span.op:""', Not(Has(Field("span.op"))), id="empty"),
        pytest.param("has:span.op", Has(Field("span.op")), id="has"),
        pytest.param("!has:my.key", Not(Has(Attribute("my.key"))), id="has not"),
        pytest.param(
            "span.duration:>10ms",
            Compare(DURATION, Operator.GREATER, (10_000_000,)),
            id="a duration with unit",
        ),
        pytest.param(
            "span.duration:<=1.5s",
            Compare(DURATION, Operator.LESS_OR_EQUAL, (1_500_000_000,)),
            id="a duration with a fraction",
        ),
        pytest.param(
            "span.duration:>10",
            Compare(DURATION, Operator.GREATER, (10_000_000,)),
            id="a bare duration is milliseconds",
        ),
        pytest.param(
            "trace:ABCDEF00-0000-0000-0000-000000000001",
            Compare(Field("trace"), Operator.EQUAL, ("abcdef00000000000000000000000001",)),
            id="an id in any spelling",
        ),
        pytest.param(
            "is_transaction:true",
            Compare(Field("is_transaction"), Operator.EQUAL, (True,)),
            id="a truth",
        ),
        pytest.param(
            "project:web", Compare(Field("project.id"), Operator.EQUAL, (7,)), id="a project's slug"
        ),
        pytest.param(
            "project:others",
            Compare(Field("project.id"), Operator.EQUAL, (0,)),
            id="a project that is not ours matches nothing",
        ),
        pytest.param(
            "project.id:[7,8]",
            Compare(Field("project.id"), Operator.IN, (7, 8)),
            id="projects by id",
        ),
        pytest.param(
            "timestamp:>1970-01-02T00:00:00",
            Compare(Field("timestamp"), Operator.GREATER, (DAY_NS,)),
            id="a time",
        ),
        pytest.param(
            "timestamp:1970-01-02",
            AllOf(
                (
                    Compare(Field("timestamp"), Operator.GREATER_OR_EQUAL, (DAY_NS,)),
                    Compare(Field("timestamp"), Operator.LESS, (2 * DAY_NS,)),
                )
            ),
            id="a day",
        ),
        pytest.param(
            "timestamp:-24h",
            Compare(Field("timestamp"), Operator.GREATER_OR_EQUAL, (NOW_NS - DAY_NS,)),
            id="the last day",
        ),
        pytest.param(
            "timestamp:<-24h",
            Compare(Field("timestamp"), Operator.LESS, (NOW_NS - DAY_NS,)),
            id="before the last day",
        ),
        pytest.param(
            'tags["my key: (odd)",number]:>2',
            Compare(Attribute("my key: (odd)", ValueType.NUMBER), Operator.GREATER, (2,)),
            id="an attribute of any name and a named type",
        ),
        pytest.param(
            "my.key:500", Compare(Attribute("my.key"), Operator.EQUAL, ("500",)), id="an attribute"
        ),
        pytest.param(
            "my.key:>=500",
            Compare(Attribute("my.key", ValueType.NUMBER), Operator.GREATER_OR_EQUAL, (500,)),
            id="an attribute compared is a number",
        ),
        pytest.param(
            "tags[my.key,number]:1.5",
            Compare(Attribute("my.key", ValueType.NUMBER), Operator.EQUAL, (1.5,)),
            id="an attribute of named type",
        ),
        pytest.param(
            "tags[my.key,boolean]:false",
            Compare(Attribute("my.key", ValueType.BOOLEAN), Operator.EQUAL, (False,)),
            id="a truth of named type",
        ),
        pytest.param(
            "body.size:>2kb",
            Compare(Attribute("body.size", ValueType.NUMBER), Operator.GREATER, (2_000,)),
            id="a size",
        ),
        pytest.param("no route", Contains("no route"), id="words"),
        pytest.param(
            "time*out",
            Compare(Field("span.description"), Operator.LIKE, ("*time*out*",)),
            id="words with a star",
        ),
        pytest.param(
            "op:db OR op:http",
            AnyOf(
                (
                    Compare(Field("span.op"), Operator.EQUAL, ("db",)),
                    Compare(Field("span.op"), Operator.EQUAL, ("http",)),
                )
            ),
            id="either",
        ),
    ],
)
def test_a_search_becomes_a_condition(text: str, expected: Condition) -> None:
    assert condition(text) == expected


def test_parts_of_the_user_have_names_of_their_own() -> None:
    expected = Compare(Field("user.email"), Operator.EQUAL, ("a@example.org",))

    assert condition("user:email:a@example.org", "errors") == expected


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("span.op:>5", 9, "a plain value: span.op is text, not a number"),
        ("span.duration:>soon", 15, "a length of time such as 250ms or 1.5s"),
        ("span.duration:>99999999999999999999", 15, "a smaller number"),
        ("span.duration:*", 14, "a length of time such as 250ms or 1.5s"),
        ("trace:xyz", 6, "hex digits"),
        ("is_transaction:maybe", 15, "true or false"),
        ("timestamp:yesterday", 10, "a time such as 2026-01-31T12:00:00Z"),
        ("timestamp:-soon", 10, "a time such as -24h"),
        ("op:db is:unresolved", 6, "a filter of this dataset: it has no issues"),
        ("project:w*", 8, "the slug of a project"),
        (
            "p95(span.duration):>1s",
            0,
            "a field or attribute: functions are filtered beside all others, not in OR",
        ),
    ],
)
def test_a_value_that_does_not_fit_says_where_and_why(
    text: str, position: int, expected: str
) -> None:
    with pytest.raises(SearchError) as caught:
        condition(text)

    assert (caught.value.position, caught.value.expected) == (position, expected)


fragments = st.sampled_from(
    [
        "op:",
        "trace:",
        "timestamp:",
        "span.duration:",
        "has:",
        "tags[a,number]:",
        "!",
        ">",
        "-1h",
        "[",
        "]",
        ",",
        '"',
        "*",
        "a",
        "9" * 30,
        "1e9",
        "٣",
        "(",
        ")",
        " OR ",
        " ",
        "\\",
        "\0",
        "project:",
    ]
)


@given(st.lists(fragments, max_size=12).map("".join), st.sampled_from(sorted(MEANINGS)))
def test_any_text_is_a_condition_or_a_search_error(text: str, dataset: str) -> None:
    position = 0
    try:
        condition(text, dataset)
    except SearchError as error:
        position = error.position

    assert 0 <= position <= len(text)
