"""Selectors name places; what is none is told with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.pipeline.scrubbing.event_places import type_of
from vedette.pipeline.scrubbing.selector import Place, SelectorFault, parse_selector


def place(path: str, kind: str = "string") -> Place:
    keys = tuple(path.split("/")) if path else ()
    types = [type_of(keys[:count]) for count in range(len(keys) + 1)]
    return Place(keys, (*types[:-1], types[-1] | {kind}))


FRAME = "exception/values/*/stacktrace/frames/*"


@pytest.mark.parametrize(
    ("selector", "path", "matches"),
    [
        ("extra.foo", "extra/foo", True),
        ("extra.foo", "contexts/extra/foo", False),
        ("extra.foo", "extra/foo/bar", False),
        ("extra.*", "extra/foo", True),
        ("extra.*", "extra/foo/bar", False),
        ("extra.**", "extra/foo/bar", True),
        ("extra.**", "extra", False),
        ("**.foo", "extra/a/b/foo", True),
        ("**.foo", "foo", True),
        ("**", "extra/a", True),
        ("$string", "extra/a", True),
        ("$number", "extra/a", False),
        ("$frame.vars", f"{FRAME}/vars", True),
        ("$frame.vars.**", f"{FRAME}/vars/a/b", True),
        ("$frame.vars", f"{FRAME}/vars/a", False),
        ("$error.value", "exception/values/*/value", True),
        ("$http.headers.'x-key'", "request/headers/x-key", True),
        ("$user.$string", "user/email", True),
        ("$user", "user", True),
        ("!extra.foo && $string", "extra/bar", True),
        ("(extra.a || extra.b) && !extra.b", "extra/b", False),
        ("'it''s'.a", "it's/a", True),
        ("**.a.**.b", "x/a/y/z/b", True),
        ("**.a.**.b", "x/a/b", True),
    ],
)
def test_a_selector_reaches_what_it_names(selector: str, path: str, *, matches: bool) -> None:
    assert parse_selector(selector).matches(place(path)) is matches


@pytest.mark.parametrize(
    ("selector", "is_specific"),
    [
        ("$string", False),
        ("**", False),
        ("**.foo", False),
        ("extra.foo", True),
        ("$frame.vars", True),
        ("$string && extra.**", True),
        ("$string || extra.foo", False),
        ("!extra.foo", False),
    ],
)
def test_only_selectors_that_name_a_place_are_specific(selector: str, *, is_specific: bool) -> None:
    assert parse_selector(selector).is_specific is is_specific


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ("", "column 1"),
        ("extra.", "column 7"),
        ("(a", "closing bracket"),
        ("a b", "expected && or ||"),
        ("$nothing", "is no type"),
        ("a &&", "expected a key"),
        ("a\x00", "column 2"),
        ("!" * 50 + "a", "brackets inside"),
        ("a" * 2_000, "at most 1000"),
    ],
)
def test_what_is_no_selector_is_told(selector: str, told: str) -> None:
    with pytest.raises(SelectorFault, match="(?i)" + told.replace("|", r"\|").replace("$", r"\$")):
        parse_selector(selector)


@given(st.text(alphabet="a.*$()!&|' stringframe", max_size=40), st.sampled_from(["", "a/b", FRAME]))
def test_whatever_was_written_is_read_or_told(text: str, path: str) -> None:
    try:
        selector = parse_selector(text)
    except SelectorFault:
        return
    assert selector.matches(place(path)) in {True, False}
