"""A file that comes with an event is listed, downloaded byte by byte, and deleted."""

import json

from tests.journey.server import Server, wait_for

EVENT_ID = "a7" * 16
DATA = bytes(range(256)) * 40


def test_an_attachment_comes_back_and_goes(server: Server) -> None:
    event = json.dumps({"message": "with a file"}).encode()
    named = {"type": "attachment", "length": len(DATA), "filename": "raw.bin"}
    envelope = b"\n".join(
        (
            json.dumps({"event_id": EVENT_ID}).encode(),
            json.dumps({"type": "event", "length": len(event)}).encode(),
            event,
            json.dumps(named).encode(),
            DATA,
        )
    )
    path = f"/api/0/projects/default/1/events/{EVENT_ID}/attachments/"

    assert server.send_envelope(envelope).status_code == 200
    wait_for(lambda: server.get(path).status_code == 200, "the event")
    [file] = wait_for(lambda: server.get(path).json(), "the attachment")
    one = f"{path}{file['id']}/"
    downloaded = server.get(one, download="1").content
    deleted = server.client.delete(
        f"{server.url}{one}", headers={"authorization": f"Bearer {server.token}"}
    )

    assert (file["name"], file["size"]) == ("raw.bin", len(DATA))
    assert downloaded == DATA
    assert deleted.status_code == 204
    assert server.get(one).status_code == 404
    assert server.get(path).json() == []
    assert not [each for each in server.data.rglob(file["id"]) if each.is_file()]
