"""What is grouped by what, and what is said about it."""

from dataclasses import replace

import pytest

from tests.unit.pipeline.grouping.events import (
    RULES,
    event,
    exception,
    frame,
    group,
    hashes,
    in_app_of,
)
from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping import (
    VERSION,
    Component,
    GroupHash,
    Grouping,
    GroupingRules,
    group_event,
)
from vedette.pipeline.grouping.algorithms.catalogue import ALGORITHMS

CHAIN = event(
    exception(frame("read", module="db", in_app=False), type="OSError", value="no 1"),
    exception(frame("main"), frame("save"), type="SaveError", value="row 5\nmore"),
)


def part(component: Component, name: str) -> Component:
    """Return the first part of this name, however deep."""
    waiting = [component]
    while waiting:
        each = waiting.pop(0)
        if each.name == name:
            return each
        waiting += [value for value in each.values if isinstance(value, Component)]
    raise AssertionError(f"there is no part {name}")


def test_in_app_frames_come_first_and_all_frames_second() -> None:
    source = event(exception(frame("main"), frame("get", module="lib", in_app=False)))

    assert [(each.variant, each.version) for each in group(source).hashes] == [
        ("app", VERSION),
        ("system", VERSION),
    ]


def test_all_frames_alone_count_if_none_is_in_app() -> None:
    source = event(exception(frame("get", module="lib", in_app=False)))

    assert [each.variant for each in group(source).hashes] == ["system"]


def test_a_second_hash_that_is_the_same_is_left_out_and_said() -> None:
    grouping = group(event(exception(frame("main"))))

    assert [each.variant for each in grouping.hashes] == ["app"]
    assert [(each.name, each.hint) for each in grouping.variants] == [
        ("app", ""),
        ("system", "the same as the in-app frames alone"),
    ]


def test_the_tree_says_what_counted_and_why_the_rest_did_not() -> None:
    app = group(CHAIN).variants[0].component

    assert part(app, "value").contributes is False
    assert part(app, "value").hint == "the stack trace says it"
    refused = part(app, "frame")
    assert (refused.contributes, refused.hint) == (False, "not in-app")
    assert part(refused, "function").values == ("read",)


def test_an_event_with_nothing_has_one_issue_of_its_own() -> None:
    grouping = group(event())

    assert [each.variant for each in grouping.hashes] == ["fallback"]
    assert grouping.title == "<unlabeled event>"
    assert grouping.main_exception_index is None


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (CHAIN, "SaveError: row 5"),
        (event(exception(value=None)), "Error"),
        (event(exception(type=None)), "it broke"),
        (event(exception(frame("main"), type=None, value=None)), "main"),
        (event(exception(type="E" * 300)), "E" * 253 + "..."),
        (event(logentry={"formatted": "\n first line \nsecond"}), "first line"),
        (
            event(
                exception(type="Error", value="text", mechanism={"synthetic": True}),
                platform="javascript",
            ),
            "text",
        ),
        (
            event(
                exception(frame("crash"), type="SIGSEGV", mechanism={"synthetic": True}),
                platform="native",
            ),
            "SIGSEGV in crash",
        ),
        (
            event(
                threads={"values": [{"crashed": True, "stacktrace": {"frames": [frame("run")]}}]}
            ),
            "run",
        ),
        (event(stacktrace={"frames": [frame("old")]}), "old"),
        (
            event(template={"filename": "cart.html", "context_line": "{{ x }}"}),
            "error in template cart.html",
        ),
    ],
)
def test_the_title(source: JsonObject, title: str) -> None:
    assert group(source).title == title


@pytest.mark.parametrize(
    ("source", "culprit"),
    [
        ({**CHAIN, "culprit": "given", "transaction": "/t"}, "given"),
        ({**CHAIN, "transaction": "/t"}, "/t"),
        (CHAIN, "shop in save"),
        (event(exception(frame("main", module=None, filename="a.py"))), "a.py in main"),
        (event(exception(frame("run", module="cart")), platform="javascript"), "run(cart)"),
        (event(exception()), ""),
        (event(threads={"values": [{"stacktrace": {"frames": [frame("run")]}}]}), "shop in run"),
    ],
)
def test_the_culprit(source: JsonObject, culprit: str) -> None:
    assert group(source).culprit == culprit


def test_the_main_exception_is_the_last_one() -> None:
    assert group(CHAIN).main_exception_index == 1


def test_a_wrapper_leaves_the_name_to_its_cause() -> None:
    cause = exception(frame("pay"), type="PaymentError", value="declined")
    wrapped = event(
        cause,
        exception(frame("get", module="java.util"), type="ExecutionException"),
        platform="java",
    )

    grouping = group(wrapped)

    assert grouping.main_exception_index == 0
    assert grouping.title == "PaymentError: declined"
    assert hashes(wrapped)[0] == hashes(event(cause, platform="java"))[0]


def test_reacts_recovery_leaves_the_name_to_its_cause() -> None:
    text = "There was an error during concurrent rendering but React was able to recover by x"
    source = event(exception(value="real"), exception(value=text), platform="javascript")

    assert group(source).title == "Error: real"


def test_a_group_of_one_kind_is_named_after_its_member() -> None:
    root: JsonObject = {"exception_id": 0, "is_exception_group": True}
    members = [
        exception(frame("row"), type="RowError", mechanism={"exception_id": number, "parent_id": 0})
        for number in (2, 1)
    ]

    grouping = group(
        event(*members, exception(frame("all"), type="ExceptionGroup", mechanism=root))
    )

    assert grouping.title == "RowError: it broke"
    assert "ExceptionGroup" not in grouping.variants[0].component.text


def test_nested_groups_are_looked_through() -> None:
    inner: JsonObject = {"exception_id": 1, "parent_id": 0, "is_exception_group": True}
    outer: JsonObject = {"exception_id": 0, "is_exception_group": True}
    member = exception(frame("row"), type="RowError", mechanism={"exception_id": 2, "parent_id": 1})
    nested = event(
        member, exception(type="Inner", mechanism=inner), exception(type="Outer", mechanism=outer)
    )

    assert group(nested).title == "RowError: it broke"


def test_the_value_counts_if_there_is_no_stack() -> None:
    assert hashes(event(exception(value="order 1 is late"))) == hashes(
        event(exception(value="order 2 is late"))
    )
    assert hashes(event(exception(value="late"))) != hashes(event(exception(value="early")))


def test_frames_left_out_by_rules_leave_the_decision_to_the_value() -> None:
    rules = GroupingRules("function:* -group")
    first = event(exception(frame("main"), value="late"))
    second = event(exception(frame("main"), value="early"))

    assert hashes(first) == hashes(second)
    assert hashes(first, rules) != hashes(second, rules)


@pytest.mark.parametrize("mark", [{"crashed": True}, {"current": True}])
def test_one_marked_thread_decides(mark: JsonObject) -> None:
    other: JsonObject = {"stacktrace": {"frames": [frame("wait")]}}
    telling: JsonObject = {**mark, "stacktrace": {"frames": [frame("run")]}}

    first = event(threads={"values": [other, telling]})
    second = event(threads={"values": [telling, {"stacktrace": {"frames": [frame("sleep")]}}]})

    assert hashes(first) == hashes(second)


def test_two_crashed_threads_decide_nothing() -> None:
    crashed: JsonObject = {"crashed": True, "stacktrace": {"frames": [frame("run")]}}

    assert group(event(threads={"values": [crashed, crashed]})).hashes[0].variant == "fallback"


def test_a_crashed_thread_says_more_than_the_message() -> None:
    crashed: JsonObject = {"values": [{"crashed": True, "stacktrace": {"frames": [frame("run")]}}]}

    first = event(threads=crashed, logentry={"formatted": "the program has crashed"})
    second = event(threads=crashed, logentry={"formatted": "something else was said"})

    assert hashes(first) == hashes(second)


def test_a_template_is_grouped_by_file_and_line_of_code() -> None:
    def broken(line: str) -> JsonObject:
        return event(template={"filename": "/srv/cart.html", "context_line": line, "lineno": 3})

    assert hashes(broken("{{ a }}")) == hashes(broken("{{a}}")) != hashes(broken("{{ b }}"))


@pytest.mark.parametrize("kind", ["hpkp", "expectct", "expectstaple"])
def test_other_reports_are_grouped_by_kind_and_host(kind: str) -> None:
    def report(host: str, port: int) -> JsonObject:
        return {"platform": "other", kind: {"hostname": host, "port": port}}

    assert hashes(report("a.example", 1)) == hashes(report("a.example", 2))
    assert hashes(report("a.example", 1)) != hashes(report("b.example", 1))


@pytest.mark.parametrize(
    ("blocked", "counted"),
    [
        ("https://ads.example/a.js?b", "ads.example"),
        ("inline", "'inline'"),
        ("'self'", "'self'"),
        ("data:image/png;base64,x", "'data'"),
        ("", "'self'"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_what_a_policy_blocked_counts_by_its_host_or_word(blocked: str, counted: str) -> None:
    csp = event(csp={"effective_directive": "script-src", "blocked_uri": blocked})

    assert group(csp).variants[0].component.text == f"script-src\x1f{counted}"


def test_errors_of_systems_count_with_their_code() -> None:
    def failed(code: int) -> JsonObject:
        meta: JsonObject = {"ns_error": {"domain": "NSURLErrorDomain", "code": code}}
        return event(exception(frame("load"), mechanism={"meta": meta}), platform="cocoa")

    assert hashes(failed(-1001)) != hashes(failed(-1009))


def test_a_new_algorithm_keeps_the_hashes_of_the_former_one_behind_its_own() -> None:
    def newer(source: JsonObject, rules: GroupingRules) -> Grouping:
        return replace(
            group_event(source, RULES), hashes=(GroupHash("f" * 32, "app", "vedette:next"),)
        )

    algorithms = {**ALGORITHMS, "vedette:next": newer}
    rules = GroupingRules(version="vedette:next", former_versions=(VERSION, "vedette:gone"))

    grouping = group_event(CHAIN, rules, algorithms=algorithms)

    assert [each.version for each in grouping.hashes] == ["vedette:next", VERSION, VERSION]
    assert [each.value for each in grouping.hashes[1:]] == hashes(CHAIN)


def test_the_version_of_the_rules_is_one_that_we_have() -> None:
    assert GroupingRules().version in ALGORITHMS


def test_what_an_sdk_says_of_one_stack_counts_for_all_stacks_of_the_event() -> None:
    cause = exception(frame("read", module="com.other.Library", in_app=None))
    main = exception(frame("save", module="com.acme.Shop", in_app=True))

    assert in_app_of(event(cause, main, platform="java")) == [False, True]
    assert in_app_of(event(cause, platform="java")) == [True]
