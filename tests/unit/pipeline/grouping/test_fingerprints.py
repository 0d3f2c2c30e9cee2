"""Fingerprints: the SDK's, the project's rules, variables, titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.grouping.events import event, exception, frame, group, hashes
from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.grouping import GroupingRules
from vedette.pipeline.grouping.fingerprint_parser import parse_fingerprint_rules

EVENT = event(
    exception(type="Cause", value="no money"),
    exception(
        frame("main", module="app.main", abs_path="/srv/app/main.py", filename="app/main.py"),
        frame(
            "charge",
            module="app.pay",
            abs_path="/srv/app/pay.py",
            filename="app/pay.py",
            package="/opt/pay.so",
        ),
        frame("send", module="lib.net", abs_path="/srv/lib/net.py", in_app=False),
        type="Timeout",
        value="Order 811 is late",
        mechanism={"type": "django"},
    ),
    level="error",
    logger="app.pay",
    transaction="/pay",
    release="shop@1.2.0",
    environment="production",
    sdk={"name": "sentry.python.django"},
    tags=[["tenant", "demo"], ["odd"]],
    threads={"values": [{"id": 7, "name": "worker", "state": "RUNNABLE", "current": True}]},
)


def used(rule: str, source: JsonObject = EVENT) -> tuple[str, ...]:
    return group(source, fingerprints=rule).fingerprint.values


@pytest.mark.parametrize(
    "matcher",
    [
        "type:Timeout",
        "error.type:Time*",
        "value:order*late",
        "error.mechanism:django",
        "message:*LATE",
        'message:"Timeout: Order*"',
        "path:**/pay.py",
        "stack.module:app.*",
        "function:charge",
        "package:**/pay.so",
        "app:yes",
        "function:send app:no",
        "family:native,other",
        "logger:app.*",
        "level:ERROR",
        "transaction:/pay",
        "release:shop@1.*",
        "environment:production",
        "sdk:python",
        "sdk:sentry.python.*",
        "tags.tenant:demo",
        "thread.name:worker",
        "thread.id:7",
        "thread.state:RUNNABLE",
        "type:Cause",
        "!type:Refused",
        "type:Timeout value:Order* function:charge module:app.pay",
        "!tags.tenant:other",
    ],
)
def test_a_rule_matches(matcher: str) -> None:
    assert used(f"{matcher} -> ours") == ("ours",)


@pytest.mark.parametrize(
    "matcher",
    [
        "type:timeout",
        "value:ORDER",
        "type:Cause value:Order*",
        "function:charge module:lib.net",
        "function:charge app:no",
        "tags.absent:x",
        "level:fatal",
        "!tags.tenant:demo",
        "thread.name:main",
        "sdk:node",
        "release:2.*",
        "family:javascript",
    ],
)
def test_a_rule_does_not_match(matcher: str) -> None:
    assert used(f"{matcher} -> ours") == ("{{ default }}",)


def test_the_first_rule_that_matches_wins_also_over_the_sdk() -> None:
    source = {**EVENT, "fingerprint": ["theirs"]}

    fingerprint = group(
        source, fingerprints="type:No -> a\ntype:Timeout -> b\ntype:* -> c"
    ).fingerprint

    assert fingerprint.values == ("b",)
    assert fingerprint.source == "rule"
    assert fingerprint.rule == "type:Timeout -> b"
    assert fingerprint.client_values == ("theirs",)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("type", "Timeout"),
        ("error.type", "Timeout"),
        ("value", "Order 811 is late"),
        ("error.value", "Order 811 is late"),
        ("message", "Order 811 is late"),
        ("transaction", "/pay"),
        ("level", "error"),
        ("logger", "app.pay"),
        ("release", "shop@1.2.0"),
        ("function", "charge"),
        ("stack.function", "charge"),
        ("path", "/srv/app/pay.py"),
        ("stack.abs_path", "/srv/app/pay.py"),
        ("stack.filename", "app/pay.py"),
        ("module", "app.pay"),
        ("stack.package", "pay.so"),
        ("tags.tenant", "demo"),
        ("tags.level", "error"),
        ("tags.absent", "<no-value-for-tag-absent>"),
        ("unknown", "<unrecognized-variable-unknown>"),
    ],
)
def test_variables_are_filled_in(variable: str, value: str) -> None:
    assert used(f"type:Timeout -> x {{{{ {variable} }}}}, {{{{{variable}}}}}-y") == (
        "x",
        value,
        f"{value}-y",
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("type", "<no-type>"),
        ("value", "<no-value>"),
        ("message", "<no-message>"),
        ("transaction", "<no-transaction>"),
        ("function", "<no-function>"),
        ("path", "<no-abs-path>"),
        ("stack.filename", "<no-filename>"),
        ("module", "<no-module>"),
        ("package", "<no-package>"),
        ("logger", "<no-logger>"),
    ],
)
def test_what_an_event_does_not_have_is_said(variable: str, value: str) -> None:
    assert used(f"family:all -> {{{{ {variable} }}}}", event()) == (value,)


def test_a_rule_gives_a_title() -> None:
    rule = 'type:Timeout -> late title="{{ type }} in {{ function }}"'

    assert group(EVENT, fingerprints=rule).title == "Timeout in charge"


@pytest.mark.parametrize(
    "sent", [[], ["{{ default }}"], ["{{default}}"], [None, ""], None, "text"], ids=repr
)
def test_these_fingerprints_mean_the_usual_grouping(sent: JsonValue) -> None:
    assert hashes({**EVENT, "fingerprint": sent}) == hashes(EVENT)


def test_a_fingerprint_of_the_sdk_replaces_the_usual_grouping() -> None:
    other = event(exception(type="Other"), fingerprint=["ours", 1, True])

    assert hashes(other) == hashes({**EVENT, "fingerprint": ["ours", "1", "true"]})
    assert group(other).variants[0].name == "custom"


def test_values_are_not_run_together() -> None:
    assert hashes({**EVENT, "fingerprint": ["ab", "c"]}) != hashes(
        {**EVENT, "fingerprint": ["a", "bc"]}
    )


def test_a_fingerprint_with_default_refines_the_usual_grouping() -> None:
    first = hashes({**EVENT, "fingerprint": ["{{ default }}", "a"]})
    second = hashes({**EVENT, "fingerprint": ["{{ default }}", "b"]})
    other = hashes({**event(exception(type="Other")), "fingerprint": ["{{ default }}", "a"]})

    assert (
        len({*first, *second, *other, *hashes(EVENT)}) == len(first) + len(second) + len(other) + 2
    )


def test_variables_of_the_sdks_fingerprint_are_filled_in() -> None:
    sent = {**EVENT, "fingerprint": ["{{ transaction }}", "{{ type }}"]}

    assert group(sent).fingerprint.values == ("/pay", "Timeout")


def test_the_message_as_a_fingerprint_means_its_kind() -> None:
    first = event(logentry={"formatted": "order 1 is late"}, fingerprint=["order 1 is late"])
    second = event(logentry={"formatted": "order 2 is late"}, fingerprint=["order 2 is late"])

    assert hashes(first) == hashes(second)


def test_our_rules_yield_to_the_sdk_and_to_the_project() -> None:
    chunk = event(
        exception(type="ChunkLoadError", value="Loading chunk 1 failed"), platform="javascript"
    )

    assert group(chunk).fingerprint.values == ("chunkloaderror",)
    assert group(chunk).fingerprint.source == "built-in rule"
    assert group({**chunk, "fingerprint": ["mine"]}).fingerprint.values == ("mine",)
    assert group(chunk, fingerprints="type:Chunk* -> ours").fingerprint.values == ("ours",)


def test_a_checksum_is_the_hash() -> None:
    assert hashes({**EVENT, "checksum": "A" * 32}) == ["a" * 32]
    assert len(hashes({**EVENT, "checksum": "mine"})[0]) == 32
    assert hashes({**EVENT, "checksum": "mine"}) != hashes({**EVENT, "checksum": "other"})
    assert group({**EVENT, "checksum": "mine"}).fingerprint.source == "checksum"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("type:A", "line 1, column 7: expected -> and the fingerprint"),
        ("-> a", "line 1, column 1: expected a matcher before ->"),
        ("type:A ->", "line 1, column 10: expected at least one value after ->"),
        ("typ:A -> a", "line 1, column 1: unknown matcher 'typ'; known: type"),
        ("tags.:A -> a", "line 1, column 1: unknown matcher 'tags.'"),
        ("type:A -> {{ type", "line 1, column 11: expected }} at the end"),
        ('type:A -> "a', "line 1, column 11: this quote is not closed"),
        ('type:A -> a title="b', "line 1, column 19: this quote is not closed"),
        ("app:maybe -> a", "line 1, column 5: app is yes or no"),
        ("type:A -> " + "a," * 33, "line 1, column 76: more than 32 values"),
    ],
)
def test_a_faulty_rule_is_told_with_its_place(text: str, fault: str) -> None:
    assert str(GroupingRules(fingerprint_text=text).faults[0]).startswith(fault)


@given(st.text('[]!: "\\*a->{},\ntype:tags.x=title', max_size=60))
def test_parsing_never_raises_and_every_line_is_a_rule_or_a_fault(text: str) -> None:
    rules, faults = parse_fingerprint_rules(text)
    lines = [
        each for each in text.split("\n") if each.strip() and not each.lstrip().startswith("#")
    ]

    assert len(rules) + len(faults) == len(lines)
