"""No planted secret is kept, what is kept still reads well, and every removal is told."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pipeline.test_normalise_event import FACTS, normalised
from tests.unit.protocols.test_json_text import json_values
from tests.unit.protocols.test_sentry_event import KEYS
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.project_rules import ScrubRules
from vedette.pipeline.normalise_event import normalise_event
from vedette.pipeline.scrub_event import ScrubbedEvent, plan_of, scrub_event
from vedette.pipeline.scrubbing.plan import Plan
from vedette.pipeline.scrubbing.walk import Walk

DEFAULT = ScrubRules()
SECRET = "hunter2hunter2"
EVERYWHERE: dict[str, JsonValue] = {
    "message": f"login failed with password={SECRET}",
    "request": {
        "url": f"https://bob:{SECRET}@shop.test/cart?api_key={SECRET}",
        "query_string": f"a=1&token={SECRET}",
        "headers": [["Authorization", f"Bearer {SECRET}"], ["Cookie", f"a={SECRET}"]],
        "cookies": {"sessionid": SECRET, "theme": "dark"},
        "data": {"user": {"Password": SECRET}, "list": [{"secret_key": SECRET}]},
        "env": {"DB_PASSWORD": SECRET},
    },
    "extra": {
        "text": json.dumps({"password": SECRET, "n": 1}),
        "header": f"sent Authorization: Bearer {SECRET}",
        "deep": [[[{"apiKey": [SECRET]}]]],
    },
    "contexts": {"app": {"auth_token": SECRET}, "trace": {"data": {"db.password": SECRET}}},
    "tags": {"credentials": SECRET, "color": "red"},
    "user": {"id": "7", "data": {"passwd": SECRET}},
    "breadcrumbs": [{"message": f"GET /?token={SECRET}", "data": {"x-api-key": SECRET}}],
    "exception": [
        {
            "type": "Oops",
            "value": f"cannot connect to postgres://app:{SECRET}@db/shop",
            "stacktrace": {
                "frames": [{"function": "f", "filename": "f.py", "vars": {"password": SECRET}}]
            },
        }
    ],
    "threads": [{"id": 1, "stacktrace": {"frames": [{"function": "g", "vars": {"pw": "x"}}]}}],
}


def scrubbed(event: JsonValue, rules: ScrubRules = DEFAULT) -> ScrubbedEvent:
    return scrub_event(normalised(event), rules)


def body_of(event: JsonValue, rules: ScrubRules = DEFAULT) -> Any:
    return scrubbed(event, rules).body


def meta_at(body: JsonObject, *path: str) -> Any:
    node: Any = body["_meta"]
    for part in path:
        node = node[part]
    return node[""]


def with_config(**applications: list[str]) -> ScrubRules:
    config = {
        "applications": {key.replace("__", "."): names for key, names in applications.items()}
    }
    return ScrubRules(is_on=False, pii_config=json.dumps(config))


def test_no_planted_secret_is_kept_anywhere() -> None:
    event = scrubbed(EVERYWHERE)

    assert SECRET not in json.dumps(event.body)
    assert SECRET not in repr(event)


def test_what_is_no_secret_stays() -> None:
    body = body_of(EVERYWHERE)

    assert body["request"]["url"] == "https://bob:[Filtered]@shop.test/cart?api_key=[Filtered]"
    assert body["request"]["cookies"] == {"sessionid": "[Filtered]", "theme": "dark"}
    assert ["color", "red"] in body["tags"]
    assert body["extra"]["text"] == '{"password": "[Filtered]", "n": 1}'
    assert body["exception"]["values"][0]["value"].startswith("cannot connect to postgres://app:")


def test_every_removal_is_told_with_rule_place_and_length() -> None:
    body = body_of({"extra": {"password": "abc", "text": "card 4111 1111 1111 1111."}})

    assert meta_at(body, "extra", "password") == {
        "rem": [["@password:filter", "s", 0, 10]],
        "len": 3,
    }
    assert meta_at(body, "extra", "text") == {
        "rem": [["@creditcard:filter", "s", 5, 15]],
        "len": 25,
    }


def test_remarks_join_what_the_event_said_of_itself() -> None:
    known: JsonValue = {"extra": {"password": {"": {"len": 99, "rem": [["!limit", "s", 1, 2]]}}}}

    body = body_of({"extra": {"password": "abc"}, "_meta": known})

    assert meta_at(body, "extra", "password") == {
        "len": 99,
        "rem": [["!limit", "s", 1, 2], ["@password:filter", "s", 0, 10]],
    }


def test_what_the_sender_took_out_itself_is_left_without_a_remark() -> None:
    body = body_of({"extra": {"password": "[Filtered]", "secret": "*****", "token": ""}})

    assert "_meta" not in body


def test_containers_and_numbers_under_a_telling_name_go_whole() -> None:
    body = body_of({"extra": {"secrets": {"a": 1}, "otp": 123456, "is_secret": True}})

    assert body["extra"] == {"secrets": None, "otp": None, "is_secret": True}
    assert meta_at(body, "extra", "secrets") == {"rem": [["@password:filter", "x"]]}


def test_messages_lose_addresses_and_numbers_only() -> None:
    event = scrubbed({"message": "mail bob@shop.test, card 4111-1111-1111-1111, the token: 5 left"})

    assert event.message == "mail [email], card [creditcard], the token: 5 left"


def test_grouping_and_lists_keep_what_they_live_on() -> None:
    frames: JsonValue = [
        {"function": "check_password", "filename": "/home/bob/auth.py", "module": "token"}
    ]
    event: JsonValue = {
        "transaction": "/login?token=1",
        "exception": [{"type": "AuthError", "value": "no", "stacktrace": {"frames": frames}}],
        "request": {"headers": {"User-Agent": "curl token=abcdef"}},
        "sdk": {"name": "sentry.python", "packages": [{"name": "auth-token", "version": "1"}]},
        "modules": {"django-auth-token": "1.0"},
    }

    body = body_of(event)

    assert "_meta" not in body
    assert body["exception"]["values"][0]["stacktrace"]["frames"] == frames


def test_fields_of_the_project_are_sensitive_or_safe() -> None:
    rules = ScrubRules(sensitive_fields=("tax_id",), safe_fields=("csrf_note",))

    body = body_of(
        {"extra": {"Customer_Tax_ID": "77", "csrf_note": "password=1", "a": "tax_id=7"}}, rules
    )

    assert body["extra"] == {
        "Customer_Tax_ID": "[Filtered]",
        "csrf_note": "password=1",
        "a": "tax_id=[Filtered]",
    }
    assert meta_at(body, "extra", "Customer_Tax_ID")["rem"][0][0] == "strip-fields"


def test_a_project_may_switch_all_of_it_off() -> None:
    body = body_of(EVERYWHERE, ScrubRules(is_on=False))

    assert json.dumps(body).count(SECRET) == json.dumps(
        body_of(EVERYWHERE, ScrubRules(is_on=False))
    ).count(SECRET)
    assert "_meta" not in body


def test_addresses_go_on_request() -> None:
    event: JsonValue = {
        "user": {"id": "7", "ip_address": "203.0.113.9"},
        "request": {"env": {"REMOTE_ADDR": "203.0.113.9"}},
        "sdk": {"client_ip": "203.0.113.9", "name": "x"},
        "extra": {"peer": "from 203.0.113.9 to 2001:db8::7"},
    }

    kept, gone = scrubbed(event), scrubbed(event, ScrubRules(addresses=True))

    assert kept.user_address == "203.0.113.9"
    assert gone.user_address == ""
    assert "203.0.113.9" not in json.dumps(gone.body)
    assert gone.body["extra"] == {"peer": "from [ip] to [ip]"}


@pytest.mark.parametrize(
    ("selector", "rule", "value", "expected"),
    [
        ("extra.foo", "@anything:remove", "abc", None),
        ("extra.foo", "@anything:filter", "abc", "[Filtered]"),
        ("extra.foo", "@email:mask", "to bob@x.de", "to ***@*.**"),
        ("extra.foo", "@email:hash", "bob@x.de", "FBBE1B0E4BE9D3D2D1A11B7BC0D1A4D2B7D0B8C4"),
        ("extra.foo", "@email", "to bob@x.de", "to [email]"),
        ("$string", "@creditcard", "4111 1111 1111 1111", "**** **** **** 1111"),
        ("**", "@usssn", "ssn 078-05-1120", "ssn ***-**-****"),
        ("extra.* && !extra.foo", "@anything:remove", "abc", "abc"),
        ("extra.bar || extra.foo", "@anything:remove", "abc", None),
        ("extra.'foo'", "@ip:replace", "at 10.0.0.1", "at [ip]"),
        ("$number", "@anything:remove", "abc", "abc"),
    ],
)
def test_rules_of_the_project_hold_where_their_selector_says(
    selector: str, rule: str, value: str, expected: str | None
) -> None:
    rules = ScrubRules(is_on=False, pii_config=json.dumps({"applications": {selector: [rule]}}))

    found = body_of({"extra": {"foo": value}}, rules)["extra"]["foo"]

    if rule == "@email:hash":
        assert isinstance(found, str)
        assert (len(found), found.upper()) == (40, found)
    else:
        assert found == expected


def test_a_pattern_of_the_project_takes_its_groups() -> None:
    config = {
        "rules": {
            "order": {
                "type": "pattern",
                "pattern": "order-([0-9]+)",
                "replaceGroups": [1],
                "redaction": {"method": "replace", "text": "#"},
            },
            "both": {"type": "multiple", "rules": ["order", "@email"]},
        },
        "applications": {"$logentry.formatted || $error.value": ["both"]},
    }
    rules = ScrubRules(is_on=False, pii_config=json.dumps(config))

    event = scrubbed(
        {"message": "order-12 of a@b.de", "exception": [{"type": "E", "value": "order-3"}]}, rules
    )

    assert event.message == "order-# of [email]"
    assert event.exception_value == "order-#"


def test_a_rule_that_names_a_place_reaches_what_general_rules_leave_alone() -> None:
    frames: JsonValue = [{"function": "f", "filename": "/home/bob/x.py", "vars": {"a": "b"}}]
    event: JsonValue = {"exception": [{"type": "E", "stacktrace": {"frames": frames}}]}

    general = body_of(event, with_config(**{"$string": ["@userpath"]}))
    named = body_of(event, with_config(**{"$frame.filename": ["@userpath"]}))
    variables = body_of(event, with_config(**{"$frame.vars": ["@anything:remove"]}))

    def frame(body: Any) -> Any:
        return body["exception"]["values"][0]["stacktrace"]["frames"][0]

    assert frame(general)["filename"] == "/home/bob/x.py"
    assert frame(named)["filename"] == "/home/[user]/x.py"
    assert frame(variables)["vars"] is None


@given(st.dictionaries(KEYS, json_values))
def test_scrubbing_never_raises_and_twice_changes_nothing_more(event: dict[str, JsonValue]) -> None:
    rules = ScrubRules(addresses=True, sensitive_fields=("a",))
    once = scrub_event(normalised(event), rules)
    before = json.dumps(once.body, default=str)

    again = scrub_event(normalise_event(once.body, FACTS), rules)

    assert json.dumps(again.body, default=str) == before


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(KEYS, json_values), min_size=1, max_size=3))
def test_what_a_plan_learned_of_other_events_changes_nothing(
    events: list[dict[str, JsonValue]],
) -> None:
    rules = ScrubRules(addresses=True, sensitive_fields=("a",))
    for event in (*events, *events):
        first, second = copy.deepcopy(event), copy.deepcopy(event)

        Walk(plan_of(rules)).scrub(first)
        Walk(Plan(rules)).scrub(second)

        assert json.dumps(first) == json.dumps(second)
