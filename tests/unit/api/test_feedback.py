"""Feedback through the door: listed, narrowed to projects and issues, shown with its event."""

import pytest

from tests.unit.api.read_server import ReadServer, table
from vedette.model.feedback import FEEDBACK_COLUMNS, FeedbackQuestion

EVENT_ID, OWN_ID = "1" * 32, "2" * 32
ORG = "/api/0/organizations/default/user-feedback/"
PROJECT = "/api/0/projects/default/web/user-feedback/"


@pytest.fixture
def written(server: ReadServer) -> ReadServer:
    """A server with feedback about an event, and about none."""
    time_ns = 1_767_225_600_000_000_000
    texts = ("Ann", "a@b.test", "too slow", "/x", "widget", "")
    server.telemetry.written = table(
        FEEDBACK_COLUMNS,
        (1, OWN_ID, EVENT_ID, time_ns, *texts),
        (1, OWN_ID, "0" * 32, time_ns, *texts),
    )
    return server


def asked(server: ReadServer) -> FeedbackQuestion:
    [question] = [each for each in server.telemetry.asked if isinstance(each, FeedbackQuestion)]
    return question


@pytest.mark.parametrize("path", [ORG, PROJECT])
def test_feedback_is_listed_with_its_event(written: ReadServer, path: str) -> None:
    first, second = written.get(path).json()

    assert first == {
        "id": OWN_ID,
        "eventID": EVENT_ID,
        "projectID": "1",
        "name": "Ann",
        "email": "a@b.test",
        "comments": "too slow",
        "url": "/x",
        "source": "widget",
        "replayId": None,
        "dateCreated": "2026-01-01T00:00:00Z",
        "event": {"id": EVENT_ID, "eventID": EVENT_ID},
    }
    assert (second["eventID"], second["event"]) == (None, None)
    assert asked(written).project_ids == (1,)


def test_that_of_an_issue_is_that_of_its_events(written: ReadServer) -> None:
    assert written.get(f"{ORG}?issue=1").status_code == 200

    assert len(asked(written).hashes or ()) == 1


@pytest.mark.parametrize("query", ["project=theirs", "project=2", "issue=2", "issue=x"])
def test_what_is_anothers_is_not_found(written: ReadServer, query: str) -> None:
    assert written.get(f"{ORG}?{query}").status_code == 404
