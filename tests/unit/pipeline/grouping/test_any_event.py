"""Grouping holds whatever comes: wrong types, enormous stacks, ids in circles."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pipeline.grouping.events import RULES, event, exception, frame, hashes
from vedette.pipeline.grouping import Component, Grouping, GroupingRules, group_event
from vedette.pipeline.grouping.families.catalogue import FAMILIES

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [
        "",
        "?",
        "<lambda>",
        "eval at x (a.js:1:2), <anonymous>",
        "lambda$a$0",
        "core::panicking::x",
        "a.func1",
        "<T as U>::v",
        "operator<<",
        "https://a/b-AbCd1234.js",
        "/srv/a.py",
        "index 3",
        "{closure#1}",
    ]
)
PLATFORMS = st.sampled_from(
    [name for family in FAMILIES for name in family.platforms] + ["", "new"]
)


def mostly(wanted: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return wanted | wanted | ANYTHING


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={key: mostly(each) for key, each in fields.items()})


FRAMES = objects(
    function=WORDS,
    module=WORDS,
    filename=WORDS,
    abs_path=WORDS,
    package=WORDS,
    platform=PLATFORMS,
    in_app=st.booleans() | st.none(),
    lineno=st.integers(0, 9),
    context_line=st.text(max_size=20),
    pre_context=st.lists(st.text(max_size=9), max_size=3),
    post_context=st.lists(st.text(max_size=9), max_size=3),
    instruction_addr=st.sampled_from(["0x10", 16, "x"]),
    image_addr=st.sampled_from(["0x1", 1]),
)
STACKS = objects(frames=st.lists(mostly(FRAMES), max_size=6))
MECHANISMS = objects(
    exception_id=st.integers(0, 3),
    parent_id=st.integers(0, 3),
    is_exception_group=st.booleans(),
    synthetic=st.booleans(),
    meta=objects(ns_error=objects(domain=WORDS, code=st.integers())),
)
EXCEPTIONS = objects(
    type=st.sampled_from(["ExecutionException", "RecursionError", "panic", "Error", "e"]),
    value=st.text(max_size=30),
    stacktrace=STACKS,
    mechanism=MECHANISMS,
)
EVENTS = objects(
    platform=PLATFORMS,
    level=st.sampled_from(["fatal", "error"]),
    exception=objects(values=st.lists(mostly(EXCEPTIONS), max_size=4)),
    threads=objects(
        values=st.lists(
            objects(crashed=st.booleans(), current=st.booleans(), stacktrace=STACKS), max_size=3
        )
    ),
    stacktrace=STACKS,
    logentry=objects(message=st.text(max_size=20), formatted=st.text(max_size=20)),
    fingerprint=st.lists(st.sampled_from(["{{ default }}", "{{ type }}", "{{ stack.path }}", "a"])),
    tags=st.lists(st.lists(st.text(max_size=4), max_size=3)),
    template=objects(filename=WORDS, context_line=WORDS),
    csp=objects(effective_directive=WORDS, blocked_uri=WORDS),
    debug_meta=objects(
        images=st.lists(
            objects(image_addr=st.integers(0, 9), image_size=st.integers(0, 99)), max_size=2
        )
    ),
    checksum=st.text(max_size=40),
    transaction=WORDS,
    sdk=objects(name=WORDS),
)
BUSY_STACK_RULES = """
family:all app:yes function:*a* ^-group v+app
[ module:* ] | path:**/a*.py | [ !function:x ] +group
category:y max-frames=1
type:E* value:*x* category=y min-frames=2 invert-stacktrace=1
"""
BUSY_FINGERPRINT_RULES = """
tags.a:b app:yes function:* !type:x message:*a* -> {{ default }}, {{ tags.a }} title="{{ type }}"
level:fatal thread.name:* -> {{ package }}, {{ message }}
"""
BUSY_RULES = GroupingRules(BUSY_STACK_RULES, BUSY_FINGERPRINT_RULES)
assert BUSY_RULES.faults == ()


@settings(max_examples=400, deadline=None)
@given(EVENTS)
def test_grouping_never_raises_and_always_gives_hashes(source: dict[str, Any]) -> None:
    for rules in (RULES, BUSY_RULES):
        grouping = group_event(source, rules)

        assert grouping.hashes
        assert all(len(each.value) == 32 for each in grouping.hashes)
        assert 0 < len(grouping.title) <= 256
        assert len(grouping.culprit) <= 200


def told(grouping: Grouping) -> object:
    """All that is said of an event, in a form that can be compared."""

    def tree(part: Component | str) -> object:
        if isinstance(part, str):
            return part
        return part.name, part.text, part.hint, [tree(each) for each in part.values]

    variants = [
        (each.name, each.hash, each.hint, tree(each.component)) for each in grouping.variants
    ]
    return variants, grouping.hashes, grouping.title, grouping.culprit, grouping.frames


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=3))
def test_what_was_learned_of_other_events_changes_nothing(sources: list[dict[str, Any]]) -> None:
    for learned, texts in ((RULES, ()), (BUSY_RULES, (BUSY_STACK_RULES, BUSY_FINGERPRINT_RULES))):
        for source in (*sources, *sources):
            plain = group_event(source, GroupingRules(*texts))

            assert told(group_event(source, learned)) == told(plain)


def test_a_stack_that_is_known_is_told_apart_by_the_line_at_which_it_broke_out() -> None:
    rules = GroupingRules()
    lines = [f"pay(order, {name})" for name in "abcdefghijkl"]
    sources = [event(exception(frame("f"), frame("g", context_line=each))) for each in lines]

    first = [hashes(each, rules) for each in sources]

    assert [hashes(each, rules) for each in sources] == first
    assert [hashes(each, GroupingRules()) for each in sources] == first
    assert len({each[0] for each in first}) == len(lines)


@pytest.mark.parametrize("stack_rules", ["", "family:all max-frames=1", "function:f -group"])
def test_more_stacks_than_are_remembered_are_grouped_as_the_first(stack_rules: str) -> None:
    rules = GroupingRules(stack_rules)
    sources = [
        event(exception(*(frame(f"f{(number + place) % 999}") for place in range(200))))
        for number in range(200)
    ]
    first = [hashes(each, rules) for each in sources]

    assert [hashes(each, rules) for each in sources[::-1]] == first[::-1]


@settings(max_examples=200, deadline=None)
@given(EVENTS)
def test_the_same_event_gives_the_same_hashes_whatever_the_order_of_its_keys(
    source: dict[str, Any],
) -> None:
    turned = reverse_keys(source)

    assert hashes(turned, GroupingRules()) == hashes(source, GroupingRules()) == hashes(source)


@settings(max_examples=200, deadline=None)
@given(EVENTS, st.integers(1, 500))
def test_line_numbers_never_matter(source: dict[str, Any], moved_by: int) -> None:
    moved = move_lines(source, moved_by)

    assert hashes(moved) == hashes(source)


@given(st.dictionaries(st.text(max_size=8), ANYTHING, max_size=5))
def test_any_object_is_grouped(source: dict[str, Any]) -> None:
    assert hashes(source)


def test_a_hundred_thousand_frames_cost_as_much_as_those_that_are_looked_at() -> None:
    many = event(exception(*[frame(f"f{index}", lineno=index) for index in range(100_000)]))

    grouping = group_event(many, RULES)

    assert len(grouping.frames) == 250
    assert [grouping.frames[0].position, grouping.frames[-1].position] == [0, 99_999]


def test_ids_that_go_in_a_circle_are_a_plain_chain() -> None:
    circle = event(
        exception(mechanism={"exception_id": 0, "parent_id": 1, "is_exception_group": True}),
        exception(mechanism={"exception_id": 1, "parent_id": 2}),
        exception(mechanism={"exception_id": 2, "parent_id": 1}),
    )

    assert len(hashes(circle)) == 1


def test_ten_thousand_exceptions_are_cut() -> None:
    many = event(*[exception(type=f"E{index}") for index in range(10_000)])

    assert len(group_event(many, RULES).frames) == 0
    assert group_event(many, RULES).title == "E9999: it broke"


def test_ten_thousand_rules_are_refused_beyond_the_limit() -> None:
    text = "\n".join(f"path:**/a{index}**b**c** -app" for index in range(10_000))

    rules = GroupingRules(text[:199_000])

    assert [str(each) for each in rules.faults] == ["line 1001, column 1: more than 1000 rules"]
    assert hashes(event(exception(frame("f", filename="a" * 500))), rules)


@pytest.mark.parametrize("equal", [1, 1.0], ids=["a number", "a fraction"])
def test_a_number_is_no_boolean_even_if_the_boolean_was_seen_before(equal: float) -> None:
    rules = GroupingRules()
    said = event(exception(frame("f"), frame("g", in_app=False)))
    wrong = json.loads(json.dumps(event(exception(frame("f"), frame("g", in_app=False)))))
    wrong["exception"]["values"][0]["stacktrace"]["frames"][0]["in_app"] = equal

    group_event(said, rules)

    assert hashes(wrong, rules) == hashes(wrong, GroupingRules())


def reverse_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reverse_keys(value[key]) for key in reversed(value)}
    return [reverse_keys(each) for each in value] if isinstance(value, list) else value


def move_lines(value: Any, moved_by: int) -> Any:
    if isinstance(value, dict):
        return {
            key: each + moved_by
            if key == "lineno" and type(each) is int
            else move_lines(each, moved_by)
            for key, each in value.items()
        }
    return [move_lines(each, moved_by) for each in value] if isinstance(value, list) else value
