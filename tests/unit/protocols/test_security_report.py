"""Security reports of browsers, old form and new, become events."""

import json

import pytest
from hypothesis import given

from tests.unit.protocols.test_json_text import json_values
from vedette.model.json_value import JsonValue
from vedette.protocols.json_text import Unreadable
from vedette.protocols.security_report import read_security_report
from vedette.protocols.sentry_event import DecodedEvent

OLD = {
    "csp-report": {
        "document-uri": "https://shop.example/cart",
        "violated-directive": "script-src-elem 'self'",
        "blocked-uri": "https://evil.example/x.js",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "user_agent": "Firefox",
        "body": {
            "documentURL": "https://shop.example",
            "effectiveDirective": "img-src",
            "blockedURL": "inline",
        },
    }
]


def read(report: JsonValue) -> DecodedEvent | Unreadable:
    return read_security_report(
        json.dumps(report).encode(), event_id="f" * 32, parameters={"sentry_release": "1.2"}
    )


@pytest.mark.parametrize(
    ("report", "kind", "title", "culprit"),
    [
        pytest.param(
            OLD, "csp", "Blocked 'script' from 'evil.example'", "script-src-elem", id="old"
        ),
        pytest.param(NEW, "csp", "Blocked inline 'img'", "img-src", id="reporting API"),
        pytest.param(
            {"expect-ct-report": {"hostname": "a.example"}},
            "expectct",
            "Expect-CT failed for a.example",
            "",
            id="ct",
        ),
    ],
)
def test_a_report_is_an_event(report: JsonValue, kind: str, title: str, culprit: str) -> None:
    event = read(report)

    assert isinstance(event, DecodedEvent)
    assert event.body["type"] == kind
    assert event.body["logentry"] == {"formatted": title}
    assert (event.body["culprit"], event.body["release"]) == (culprit, "1.2")


@pytest.mark.parametrize("report", [[], {}, {"csp-report": {}}, "text", {"type": "csp-violation"}])
def test_what_is_no_report_is_unreadable(report: JsonValue) -> None:
    assert isinstance(read(report), Unreadable)


@given(json_values)
def test_wrong_types_never_raise(value: JsonValue) -> None:
    read({"csp-report": value, "type": "csp-violation", "body": value})
    read(value)
