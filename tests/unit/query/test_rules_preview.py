"""Rules can be tried on a kept event, and change nothing by that."""

import json
from typing import Any

from vedette.model.project_rules import GroupingTexts, ProjectRules, ScrubRules
from vedette.query.rules_preview import preview

PAYLOAD = json.dumps(
    {
        "logentry": {"formatted": "order-7 of bob@shop.test"},
        "extra": {"note": "abc"},
        "_meta": {"extra": {"old": {"": {"rem": [["@ip", "s", 0, 4]]}}}},
    }
)


def shown(rules: ProjectRules, payload: str = PAYLOAD) -> Any:
    return preview(payload, level="error", platform="python", event_id="e" * 32, rules=rules)


def test_what_would_be_taken_out_is_told_without_what_was_before() -> None:
    config = json.dumps({"applications": {"extra.note": ["@anything:remove"]}})

    found = shown(ProjectRules(scrubbing=ScrubRules(is_on=False, pii_config=config)))

    assert found["removed"] == {
        "extra": {"note": {"": {"rem": [["@anything:remove", "x"]], "len": 3}}}
    }
    assert found["event"]["extra"] == {"note": None}


def test_how_it_would_be_grouped_is_told_with_the_rule() -> None:
    rules = ProjectRules(grouping=GroupingTexts(fingerprint_rules="message:order* -> orders"))

    grouping = shown(rules)["grouping"]

    assert grouping["fingerprint"]["values"] == ["orders"]
    assert grouping["hashes"]


def test_a_kept_text_that_cannot_be_read_is_an_empty_event() -> None:
    for payload in ("", "{", "[]", "null"):
        assert shown(ProjectRules(), payload)["removed"] == {}
