"""Attachments through the door: listed, downloaded so that no browser renders them, deleted."""

import pytest

from tests.unit.api.read_server import ReadServer, table
from vedette.model.attachment import ATTACHMENT_COLUMNS, AttachmentQuestion
from vedette.model.person import Role

EVENT_ID, FILE_ID = "1" * 32, "2" * 32
OF_EVENT = f"/api/0/projects/default/web/events/{EVENT_ID}/attachments/"
ONE = f"{OF_EVENT}{FILE_ID}/"
OF_ISSUE = "/api/0/organizations/default/issues/1/attachments/"
RECEIVED_NS = 1_767_225_600_000_000_000
KEY = f"attachments/2026-01-01/1/{EVENT_ID}/{FILE_ID}"
DATA = b"<script>alert(1)</script>"
NAME = 'scr"een\u20ac;.html'


@pytest.fixture
def kept(server: ReadServer) -> ReadServer:
    """A server with one attachment."""
    values = (1, EVENT_ID, FILE_ID, NAME, "text/html", "event.attachment", 25, "ab" * 20)
    server.telemetry.files = table(ATTACHMENT_COLUMNS, (*values, RECEIVED_NS))
    server.blobs.put(KEY, DATA)
    return server


@pytest.mark.parametrize("path", [OF_EVENT, OF_ISSUE])
def test_attachments_are_listed(kept: ReadServer, path: str) -> None:
    answer = kept.get(path)

    assert answer.json() == [
        {
            "id": FILE_ID,
            "event_id": EVENT_ID,
            "type": "event.attachment",
            "name": NAME,
            "mimetype": "text/html",
            "dateCreated": "2026-01-01T00:00:00Z",
            "size": 25,
            "headers": {"Content-Type": "text/html"},
            "sha1": "ab" * 20,
        }
    ]
    assert "rel" in answer.headers["link"]


def test_those_of_an_issue_are_those_of_its_groups(kept: ReadServer) -> None:
    _ = kept.get(OF_ISSUE)

    [question] = [each for each in kept.telemetry.asked if isinstance(each, AttachmentQuestion)]
    assert question.project_id == 1
    assert question.event_id is None
    assert question.hashes
    assert len(question.hashes) == 1


def test_a_download_is_never_rendered(kept: ReadServer) -> None:
    answer = kept.get(f"{ONE}?download")

    assert answer.content == DATA
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''scr%22een%E2%82%AC%3B.html"
    )
    assert "sandbox" in answer.headers["content-security-policy"]
    assert kept.get(ONE).json()["name"] == NAME


def test_an_attachment_whose_bytes_are_gone_is_not_found(kept: ReadServer) -> None:
    kept.blobs.delete(KEY)

    assert kept.get(f"{ONE}?download=1").status_code == 404


def test_deleting_lets_go_of_the_bytes_too(kept: ReadServer) -> None:
    answer = kept.ask(ONE, method="DELETE", headers=kept.token())

    assert answer.status_code == 204
    assert list(kept.blobs.list("")) == []
    assert (1, EVENT_ID, FILE_ID) in kept.telemetry.asked
    assert kept.ask(ONE, method="DELETE", headers=kept.token()).status_code == 404


def test_who_may_only_read_deletes_nothing(kept: ReadServer) -> None:
    answer = kept.ask(ONE, method="DELETE", headers=kept.token(Role.MEMBER))

    assert answer.status_code == 403
    assert kept.blobs.get(KEY) == DATA
