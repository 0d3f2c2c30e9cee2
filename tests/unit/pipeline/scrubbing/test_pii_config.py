"""What a project wrote is read as far as it can be, and what is wrong is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonValue
from vedette.pipeline.scrubbing.pii_config import read_pii_config


def read(rules: JsonValue, applications: JsonValue) -> tuple[int, tuple[str, ...]]:
    config = read_pii_config(json.dumps({"rules": rules, "applications": applications}))
    return len(config.applications), config.faults


def test_an_empty_text_has_no_rules() -> None:
    assert read_pii_config("").applications == ()
    assert read_pii_config(" \n").faults == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "no JSON"), ("[]", "expected an object"), ("[" * 100_000, "nested|no JSON")],
)
def test_what_is_no_configuration_is_told(text: str, told: str) -> None:
    [fault] = read_pii_config(text).faults

    assert any(part in fault for part in told.split("|"))


@pytest.mark.parametrize(
    ("rules", "applications", "told"),
    [
        ({}, {"$string": ["@nothing"]}, "there is no rule '@nothing'"),
        ({}, {"$string": ["own"]}, "there is no rule 'own'"),
        ({}, {"$nope": ["@email"]}, "selector '$nope': column 1"),
        ({"a": {}}, {}, "expected a type"),
        ({"a": {"type": "nope"}}, {}, "there is no type 'nope'"),
        ({"a": {"type": "pattern"}}, {}, "expected a pattern"),
        ({"a": {"type": "pattern", "pattern": "("}}, {}, "pattern: regex parse error"),
        ({"a": {"type": "pattern", "pattern": "x" * 3_000}}, {}, "at most 2000"),
        ({"a": {"type": "redact_pair", "keyPattern": "["}}, {}, "keyPattern"),
        ({"a": {"type": "email", "redaction": {"method": "burn"}}}, {}, "one of the methods"),
        ({"a": {"type": "multiple", "rules": ["a"]}}, {}, "circle"),
        ({str(number): {"type": "email"} for number in range(300)}, {}, "more than 200 rules"),
        ({}, {f"extra.a{number}": ["@email"] for number in range(300)}, "more than 200 appl"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_holds(
    rules: JsonValue, applications: JsonValue, told: str
) -> None:
    assert isinstance(applications, dict)
    count, faults = read(rules, applications | {"extra.good": ["@email"]})

    assert any(told in fault for fault in faults), faults
    assert count >= 1 or "appl" in told


def test_rules_may_name_others() -> None:
    rules: JsonValue = {
        "a": {"type": "multiple", "rules": ["b", "@ip"]},
        "b": {"type": "alias", "rule": "@email:hash"},
    }

    assert read(rules, {"$string": ["a", "@common"]}) == (1, ())


@given(st.text(max_size=30))
def test_reading_never_raises(text: str) -> None:
    read_pii_config(text)
    read_pii_config(json.dumps({"rules": {text: {"type": text}}, "applications": {text: [text]}}))
