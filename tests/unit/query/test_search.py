"""The search language as a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def shape(expression: Expression) -> object:
    """The tree without positions."""
    match expression:
        case Filter():
            texts = tuple(value.parts for value in expression.values)
            sign = "!" if expression.is_negated else ""
            return (sign + expression.key, expression.comparison.value, *texts)
        case Words():
            return ("!" if expression.is_negated else "") + expression.value.text
        case Every():
            return [shape(member) for member in expression.members]
        case Either():
            return {"or": [shape(member) for member in expression.members]}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", []),
        ("   ", []),
        ("key:value", ("key", "=", ("value",))),
        ("!key:value", ("!key", "=", ("value",))),
        ('key:[a, b,"c d"]', ("key", "=", ("a",), ("b",), ("c d",))),
        ("!key:[a]", ("!key", "=", ("a",))),
        ("span.duration:>10ms", ("span.duration", ">", ("10ms",))),
        ("span.duration:>=10", ("span.duration", ">=", ("10",))),
        ("span.duration:<=10", ("span.duration", "<=", ("10",))),
        ("key:*part*", ("key", "=", ("", "part", ""))),
        ("key:**", ("key", "=", ("", ""))),
        (r"key:\*literal", ("key", "=", ("*literal",))),
        ('key:"two words"', ("key", "=", ("two words",))),
        (r'key:"a \"quoted\" word"', ("key", "=", ('a "quoted" word',))),
        ('key:""', ("key", "=", ("",))),
        ("has:key", ("has", "=", ("key",))),
        ("a:1 b:2", [("a", "=", ("1",)), ("b", "=", ("2",))]),
        ("a:1 AND b:2", [("a", "=", ("1",)), ("b", "=", ("2",))]),
        ("a:1 OR b:2 c:3", {"or": [("a", "=", ("1",)), [("b", "=", ("2",)), ("c", "=", ("3",))]]}),
        (
            "(a:1 OR b:2) c:3",
            [{"or": [("a", "=", ("1",)), ("b", "=", ("2",))]}, ("c", "=", ("3",))],
        ),
        ("could not connect", "could not connect"),
        ('"could not" connect', ["could not", "connect"]),
        ("timeout a:1 refused", ["timeout", ("a", "=", ("1",)), "refused"]),
        ('!"could not"', "!could not"),
        ("ORDER", "ORDER"),
        ("url:http://host/path?x=1", ("url", "=", ("http://host/path?x=1",))),
        (
            "tags[http.status_code,number]:>=500",
            ("tags[http.status_code,number]", ">=", ("500",)),
        ),
        ('"key with: colon":1', ("key with: colon", "=", ("1",))),
        ("p95(span.duration):>1s", ("p95(span.duration)", ">", ("1s",))),
    ],
)
def test_text_becomes_a_tree(text: str, tree: object) -> None:
    assert shape(read_search(text)) == tree


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("key:", 4, "a value"),
        ("key: value", 4, "a value"),
        ("key:[a", 6, "a comma or ]"),
        ("key:[]", 5, "a value"),
        ('key:"open', 9, "a closing quotation mark"),
        ("!word", 1, "a key and a colon after !"),
        ("(a:1", 4, "a closing parenthesis"),
        ("a:1)", 3, "a filter, a word or the end"),
        ("OR a:1", 0, "a filter before OR"),
        ("a:1 OR", 6, "a filter after OR"),
        ("(" * 40 + "a:1" + ")" * 40, 33, "at most 32 parentheses inside each other"),
        ("a:1 " * 201, 803, "at most 200 filters and words"),
    ],
)
def test_wrong_text_says_where_and_what_was_expected(
    text: str, position: int, expected: str
) -> None:
    with pytest.raises(SearchError) as caught:
        read_search(text)

    assert (caught.value.position, caught.value.expected) == (position, expected)


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(SearchError, match="at most 8192 characters"):
        read_search("a" * 10_000)


@given(st.text(alphabet='ab:[]()!"*\\,<>= OR\n.1', max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str) -> None:
    position = 0
    try:
        read_search(text)
    except SearchError as error:
        position = error.position

    assert 0 <= position <= len(text)


@given(st.text(min_size=1, max_size=30))
def test_any_value_can_be_said_in_quotes(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")

    expression = read_search(f'key:"{quoted}"')

    assert expression == Filter(
        "key", Comparison.EQUAL, (Value((text,), 4, is_quoted=True),), is_negated=False, position=0
    )
