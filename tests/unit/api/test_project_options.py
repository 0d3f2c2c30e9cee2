"""What is done with a project's data is set and shown under Sentry's names."""

import json

import httpx
import pytest

from tests.unit.api.read_server import ReadServer, table
from vedette.model.json_value import JsonValue
from vedette.model.project_rules import LEGACY_BROWSERS_BY_DEFAULT, read_project_rules
from vedette.model.question import Dataset

PROJECT = "/api/0/projects/default/web/"


def put(server: ReadServer, body: JsonValue, path: str = PROJECT) -> httpx.Response:
    return server.ask(path, method="PUT", headers=server.token(), json=body)


def test_a_new_project_shows_the_defaults(server: ReadServer) -> None:
    shown = server.get(PROJECT).json()

    assert shown["dataScrubber"] is True
    assert shown["scrubIPAddresses"] is False
    assert shown["relayPiiConfig"] is None
    assert shown["options"]["filters:filtered-transaction"] is True
    assert shown["options"]["filters:localhost"] is False


def test_what_is_set_is_shown_and_the_rest_stays(server: ReadServer) -> None:
    put(server, {"scrubIPAddresses": True, "sensitiveFields": ["iban", " ", "tax_id"]})
    answer = put(server, {"options": {"filters:releases": "1.*\n2.0\n", "filters:localhost": "1"}})

    shown = server.get(PROJECT).json()
    assert answer.json() == shown
    assert shown["scrubIPAddresses"] is True
    assert shown["sensitiveFields"] == ["iban", "tax_id"]
    assert shown["options"]["filters:releases"] == "1.*\n2.0"
    rules = read_project_rules(server.metadata.options(1))
    assert rules.filters.releases == ("1.*", "2.0")
    assert rules.filters.localhost


def test_null_takes_an_option_back_to_its_default(server: ReadServer) -> None:
    put(server, {"groupingEnhancements": "family:python -app"})
    put(server, {"groupingEnhancements": None})

    assert server.metadata.options(1) == {}


def test_the_other_project_keeps_its_own(server: ReadServer) -> None:
    put(server, {"dataScrubber": False})

    assert server.metadata.all_options().keys() == {1}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"dataScrubber": "x"}, "dataScrubber"),
        ({"options": {"filters:nothing": 1}}, "no option 'filters:nothing'"),
        ({"options": {"filters:localhost": "maybe"}}, "expected true or false"),
        ({"options": {"filters:blacklisted_ips": "10.0.0.0/8\n10.0.0.300"}}, "line 2: expected an"),
        ({"options": {"filters:legacy-browsers": ["netscape"]}}, "is not one of android"),
        ({"options": {"filters:error_messages": "x" * 501}}, "line 1: expected at most 500"),
        ({"sensitiveFields": ["x"] * 501}, "at most 500 entries"),
        ({"relayPiiConfig": "{"}, "relayPiiConfig"),
        ({"relayPiiConfig": "[]"}, "expected an object"),
        ({"relayPiiConfig": '{"applications":{"$no":["@ip"]}}'}, "selector '$no': column 1"),
        ({"groupingEnhancements": "family:python -app\nfunction"}, "line 2, column"),
        ({"fingerprintingRules": "type:X ->"}, "line 1, column"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_changes_nothing(
    server: ReadServer, body: JsonValue, told: str
) -> None:
    answer = put(server, body)

    assert answer.status_code == 400
    assert told in answer.json()["detail"]
    assert server.metadata.options(1) == {}


def test_filters_are_listed_and_switched(server: ReadServer) -> None:
    listed = {each["id"]: each["active"] for each in server.get(f"{PROJECT}filters/").json()}
    changed = put(server, {"active": True}, f"{PROJECT}filters/localhost/").json()

    assert listed["localhost"] is False
    assert listed["filtered-transaction"] is True
    assert (changed["id"], changed["active"]) == ("localhost", True)
    assert server.get(PROJECT).json()["options"]["filters:localhost"] is True


def test_old_browsers_are_chosen_one_by_one_or_as_a_set(server: ReadServer) -> None:
    path = f"{PROJECT}filters/legacy-browsers/"

    chosen = put(server, {"subfilters": ["ie9", "ie10"]}, path).json()["active"]
    all_of_them = put(server, {"active": True}, path).json()["active"]
    none = put(server, {"active": False}, path).json()["active"]

    assert chosen == ["ie10", "ie9"]
    assert all_of_them == sorted(LEGACY_BROWSERS_BY_DEFAULT)
    assert none is False


def test_a_filter_needs_to_be_told_what(server: ReadServer) -> None:
    assert put(server, {}, f"{PROJECT}filters/localhost/").status_code == 400
    assert put(server, {"active": True}, f"{PROJECT}filters/other/").status_code == 404


PREVIEW = "/api/v1/projects/default/web/rules/preview"


def test_rules_are_tried_on_a_kept_event_and_nothing_is_set(server: ReadServer) -> None:
    payload = json.dumps({"logentry": {"formatted": "of bob"}, "extra": {"tax_id": "77"}})
    server.telemetry.rows_of[Dataset.ERRORS] = table(
        ("level", "platform", "payload"), ("error", "python", payload)
    )
    body = {"eventId": "1" * 32, "sensitiveFields": ["tax_id"]}

    answer = server.ask(PREVIEW, method="POST", headers=server.token(), json=body)

    assert answer.status_code == 200
    assert answer.json()["event"]["extra"] == {"tax_id": "[Filtered]"}
    assert "tax_id" in answer.json()["removed"]["extra"]
    assert server.metadata.options(1) == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"eventId": "2" * 32}, 404),
        ({"eventId": "x"}, 404),
        ({}, 400),
        ({"eventId": "1" * 32, "groupingEnhancements": "function"}, 400),
    ],
)
def test_what_cannot_be_tried_is_refused(server: ReadServer, body: JsonValue, status: int) -> None:
    answer = server.ask(PREVIEW, method="POST", headers=server.token(), json=body)

    assert answer.status_code == status
