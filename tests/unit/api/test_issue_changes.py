"""What people do with issues through the API."""

import pytest

from tests.fakes.sightings import NOON_NS, SECOND_NS, a_hash, a_sighting, see
from tests.unit.api.read_server import ReadServer
from vedette.model.json_value import JsonObject
from vedette.model.person import Role

LIST = "/api/0/organizations/default/issues/"


@pytest.fixture
def server(server: ReadServer) -> ReadServer:
    """Return a server with two more issues of project `web`."""
    server.clock.wall_ns = NOON_NS + 3_600 * SECOND_NS
    for number in (2, 3):
        see(server.metadata, a_sighting(number, time_ns=NOON_NS + number * SECOND_NS))
    return server


def _put(server: ReadServer, path: str, body: object, role: Role = Role.MEMBER) -> JsonObject:
    answer = server.ask(path, method="PUT", json=body, headers=server.token(role))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"status": "resolved"}, {"status": "resolved", "substatus": None}),
        (
            {"status": "resolved", "statusDetails": {"inRelease": "1.2"}},
            {"status": "resolved", "statusDetails": {"inRelease": "1.2"}},
        ),
        (
            {"status": "resolvedInNextRelease"},
            {"status": "resolved", "statusDetails": {"inNextRelease": True}},
        ),
        (
            {"status": "ignored", "substatus": "archived_until_escalating"},
            {"status": "ignored", "substatus": "archived_until_escalating"},
        ),
        (
            {"status": "ignored", "statusDetails": {"ignoreCount": 10}},
            {"status": "ignored", "substatus": "archived_until_condition_met"},
        ),
        ({"status": "ignored"}, {"status": "ignored", "substatus": "archived_forever"}),
        ({"priority": "low"}, {"priority": "low"}),
        ({"isBookmarked": True}, {"isBookmarked": True}),
        ({"hasSeen": True}, {"hasSeen": True}),
        ({"inbox": False}, {"status": "unresolved", "substatus": "ongoing"}),
    ],
)
def test_an_issue_is_changed_and_shown_as_it_is_then(
    server: ReadServer, body: JsonObject, shown: JsonObject
) -> None:
    changed = _put(server, f"{LIST}1/", body)
    for name, value in shown.items():
        if isinstance(value, dict):
            details = changed[name]
            assert isinstance(details, dict)
            assert value.items() <= details.items()
        else:
            assert changed[name] == value


def test_an_issue_is_given_to_somebody_and_the_feed_says_so(server: ReadServer) -> None:
    changed = _put(server, f"{LIST}1/", {"assignedTo": "reader@example.org"})
    assert isinstance(changed["assignedTo"], dict)
    assert changed["assignedTo"]["email"] == "reader@example.org"
    feed = server.get(f"{LIST}1/activities/").json()["activity"]
    assert [each["type"] for each in feed] == ["assigned", "first_seen", "note"]
    assert _put(server, f"{LIST}1/", {"assignedTo": ""})["assignedTo"] is None


def test_many_issues_are_changed_at_once_by_id_or_by_search(server: ReadServer) -> None:
    said = _put(server, f"{LIST}?id=1&id=3", {"status": "resolved"})
    assert said == {"status": "resolved", "statusDetails": {}}
    assert [each["id"] for each in server.get(f"{LIST}?query=is:resolved").json()] == ["3", "1"]
    _put(server, f"{LIST}?query=is:resolved", {"status": "unresolved"})
    assert server.get(f"{LIST}?query=is:resolved").json() == []


def test_issues_of_others_are_never_changed_among_ours(server: ReadServer) -> None:
    answer = server.ask(
        f"{LIST}?id=1&id=2", method="PUT", json={"status": "resolved"}, headers=server.token()
    )
    assert answer.status_code == 404
    assert server.get(f"{LIST}1/").json()["status"] == "unresolved"


def test_merged_issues_answer_under_both_ids(server: ReadServer) -> None:
    said = _put(server, f"{LIST}?id=1&id=3", {"merge": 1})
    assert said == {"merge": {"parent": "1", "children": ["3"]}}
    assert server.get(f"{LIST}3/").json()["id"] == "1"
    hashes = {each["id"] for each in server.get(f"{LIST}1/hashes/").json()}
    assert hashes == {a_hash(1), a_hash(2)}


def test_a_deleted_issue_is_gone_and_a_member_may_not_delete(server: ReadServer) -> None:
    refused = server.ask(f"{LIST}1/", method="DELETE", headers=server.token(Role.MEMBER))
    assert refused.status_code == 403
    assert server.ask(f"{LIST}1/", method="DELETE", headers=server.token()).status_code == 202
    assert server.get(f"{LIST}1/").status_code == 404


def test_comments_are_written_changed_and_deleted_by_who_wrote_them(server: ReadServer) -> None:
    path = f"{LIST}1/comments/"
    written = server.ask(path, method="POST", json={"text": "seen"}, headers=server.token())
    assert written.status_code == 201
    one = f"{path}{written.json()['id']}/"
    foreign = server.ask(one, method="PUT", json={"text": "x"}, headers=server.token(Role.MEMBER))
    assert foreign.status_code == 404
    changed = server.ask(one, method="PUT", json={"text": "seen twice"}, headers=server.token())
    assert changed.json()["data"]["text"] == "seen twice"
    assert server.get(f"{LIST}1/").json()["numComments"] == 2
    assert server.ask(one, method="DELETE", headers=server.token()).status_code == 204
    assert [each["data"]["text"] for each in server.get(path).json()] == ["seen"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"status": "fine"}, "status must be"),
        ({"priority": "extreme"}, "priority must be"),
        ({"assignedTo": "stranger@example.org"}, "there is no such person"),
        ({"status": "ignored", "statusDetails": {"ignoreCount": 0}}, "ignoreCount"),
        ({"status": 5}, "The body cannot be read"),
        ({"merge": True}, "at least two"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(
    server: ReadServer, body: JsonObject, sentence: str
) -> None:
    answer = server.ask(f"{LIST}1/", method="PUT", json=body, headers=server.token())
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]
    assert server.get(f"{LIST}1/").json()["status"] == "unresolved"
