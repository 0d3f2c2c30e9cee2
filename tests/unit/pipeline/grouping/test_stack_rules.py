"""Stack-trace rules: parsing with places of errors, matchers, actions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.grouping.events import event, exception, frame, group, hashes
from vedette.pipeline.grouping import GroupingRules, group_event
from vedette.pipeline.grouping.families.catalogue import FAMILIES
from vedette.pipeline.grouping.stack_rule_parser import parse_stack_rules
from vedette.pipeline.grouping.stack_rule_set import built_in_rules

STACK = event(
    exception(
        frame("main", module="app.main", abs_path="/srv/app/main.py"),
        frame("retry", module="lib.retry", abs_path="/srv/lib/retry.py", in_app=False),
        frame("load", module="app.orders", abs_path="/srv/app/orders.py"),
        frame("query", module="lib.db", abs_path="/srv/lib/db.py", in_app=False),
        type="Timeout",
        value="too late",
        mechanism={"type": "django"},
    )
)


def in_app(rule: str) -> str:
    """Return the stack with capital letters for what is in-app."""
    return "".join(
        name.upper() if decision.in_app else name
        for name, decision in zip("mrlq", group(STACK, stack=rule).frames, strict=True)
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("path:/srv/lib/** +app", "MRLQ"),
        ("stack.abs_path:**/ORDERS.py -app", "Mrlq"),
        ("path:/srv/*/db.py +app", "MrLQ"),
        ("module:app.* -app", "mrlq"),
        ("stack.module:lib.retry +app", "MRLq"),
        ("function:qu*ry +app", "MrLQ"),
        ("!function:main -app", "Mrlq"),
        ("function:load ^+app", "MRLq"),
        ("function:load ^-app", "mrLq"),
        ("function:retry v+app", "MrLQ"),
        ("function:retry v-app", "Mrlq"),
        ("app:no +app", "MRLQ"),
        ("app:yes -app", "mrlq"),
        ("!app:yes +app", "MRLQ"),
        ("family:other -app", "mrlq"),
        ("family:javascript,native -app", "MrLq"),
        ("error.type:Timeout function:query +app", "MrLQ"),
        ("type:Refused function:query +app", "MrLq"),
        ("error.value:TOO* function:query +app", "MrLQ"),
        ("mechanism:django function:query +app", "MrLQ"),
        ("[ function:load ] | function:query +app", "MrLQ"),
        ("[ function:main ] | function:query +app", "MrLq"),
        ("function:retry | [ module:app.orders ] +app", "MRLq"),
        ("[ function:main ] | function:retry | [ app:yes ] +app", "MRLq"),
        ("function:main category=entry\ncategory:entry -app", "mrLq"),
        ("function:main category=entry\n!category:entry -app", "Mrlq"),
        ("module:app.* -app\nfunction:load +app", "mrLq"),
        ('function:"load" -app', "Mrlq"),
        ("# function:load -app\n\n   function:main -app", "mrLq"),
    ],
)
def test_rules_decide_what_is_in_app(rule: str, expected: str) -> None:
    assert in_app(rule) == expected


def test_the_decision_names_the_rule() -> None:
    decisions = group(STACK, stack="function:query +app").frames

    assert [each.decided_by for each in decisions] == ["sdk", "sdk", "sdk", "function:query +app"]


def counted(rule: str) -> list[str]:
    app = group(STACK, stack=rule).variants[0].component
    stack = next(
        each for each in app.values if not isinstance(each, str) and each.name == "stacktrace"
    )
    frames = [each for each in stack.values if not isinstance(each, str) and each.contributes]
    return [each.text.split("\x1f")[1] for each in frames]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("function:x -group", ["main", "load"]),
        ("function:main -group", ["load"]),
        ("function:load ^-group", ["load"]),
        ("function:main v-group", ["main"]),
        ("module:* -group\nfunction:load +group", ["load"]),
        ("function:query max-frames=1", ["load"]),
        ("function:query invert-stacktrace=1", ["load", "main"]),
    ],
)
def test_rules_decide_what_counts(rule: str, expected: list[str]) -> None:
    assert counted(rule) == expected


def test_a_stack_with_fewer_frames_than_asked_for_does_not_count() -> None:
    grouping = group(STACK, stack="function:query min-frames=9")

    assert [each.name for each in grouping.variants] == ["default"]
    assert "Timeout" in grouping.variants[0].component.text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("function:a", "line 1, column 11: expected an action such as -app"),
        ("-app", "line 1, column 1: expected a matcher such as function:name"),
        ("\nfunktion:a -app", "line 2, column 1: unknown matcher 'funktion'; known: family"),
        ("function: -app", "line 1, column 10: expected a pattern after the colon"),
        ("function -app", "line 1, column 9: expected a colon after 'function'"),
        ("function:a -up", "line 1, column 12: unknown action '-up'; known: +app"),
        ("function:a max-frames=x", "line 1, column 12: unknown action 'max-frames=x'"),
        ('function:"a -app', "line 1, column 10: this quote is not closed"),
        ("app:maybe +app", "line 1, column 5: app is yes or no"),
        ("family:cobol +app", "line 1, column 8: a family is one of native"),
        ("[ function:a function:b -app", "line 1, column 25: expected a matcher such as"),
        ("[ function:a ] function:b -app", "line 1, column 16: expected | after the caller"),
        ("[ ] | function:b -app", "line 1, column 4: expected a matcher in the brackets"),
        ("[ function:a", "line 1, column 13: this bracket is not closed"),
        ("function:b | x -app", "line 1, column 14: expected the callee in brackets"),
        (f"function:{'a' * 513} -app", "line 1, column 10: a pattern has at most 512 characters"),
        ("function:a " * 21 + "-app", "line 1, column 231: more than 20 matchers"),
        ("function:a" + " -app" * 21, "line 1, column 116: more than 20 actions"),
        ("path:/a/*.py -app\n" * 101, "line 101, column 1: more than 100 paths with a single *"),
        ("x" * 200_001, "line 1, column 1: more than 200000 characters of rules"),
    ],
)
def test_a_faulty_rule_is_told_with_its_place(text: str, fault: str) -> None:
    faults = GroupingRules(text).faults

    assert str(faults[0]).startswith(fault)


def test_a_faulty_rule_harms_no_other() -> None:
    rules = GroupingRules("function:query +app\nnonsense\nfunction:retry +app")

    assert [each.in_app for each in group_event(STACK, rules).frames] == [True] * 4
    assert len(rules.faults) == 1


@given(st.text('[]|!: "\\*a-+^v\nfunction:app=1#', max_size=60))
def test_parsing_never_raises_and_every_line_is_a_rule_or_a_fault(text: str) -> None:
    rules, faults = parse_stack_rules(text)
    lines = [
        each for each in text.split("\n") if each.strip() and not each.lstrip().startswith("#")
    ]

    assert len(rules) + len(faults) == len(lines)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_rules_that_come_with_a_family_are_rules(family: object) -> None:
    member = next(each for each in FAMILIES if each is family)

    assert built_in_rules(member)


def test_rules_of_a_project_win_over_ours() -> None:
    library = frame(
        "get", module="requests.api", in_app=None, abs_path="/x/site-packages/requests/api.py"
    )
    source = event(exception(frame("main"), library))

    assert [each.in_app for each in group(source).frames] == [True, False]
    assert [each.in_app for each in group(source, stack="module:requests.* +app").frames] == [
        True,
        True,
    ]
    assert hashes(source) != hashes(source, GroupingRules("module:requests.* +app"))
