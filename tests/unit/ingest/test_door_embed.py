"""The form in which people write about an error: its script, and what it sends."""

from urllib.parse import urlencode

import pytest

from tests.unit.ingest.conftest import DoorUnderTest
from tests.unit.ingest.test_door import run
from vedette.ingest.door_embed import FORM_BYTES_MAX

EVENT_ID = "1" * 32
FIELDS = {"name": "Ann", "email": "a@b.test", "comments": "it broke\n{}"}


def path(door: DoorUnderTest, **given: str) -> str:
    asked = {"dsn": f"http://{door.key}@door/1", "eventId": EVENT_ID, **given}
    return f"/api/embed/error-page/?{urlencode(asked)}"


def test_the_script_is_for_pages_of_all_origins(door: DoorUnderTest) -> None:
    answer = run(door.ask("GET", path(door)))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert EVENT_ID not in answer.text


def test_what_is_written_becomes_a_report_in_the_journal(door: DoorUnderTest) -> None:
    answer = run(door.post(path(door), urlencode(FIELDS).encode()))

    assert answer.json() == {"id": EVENT_ID}
    [record] = door.records()
    assert record.meta.project_id == 1
    assert record.body.splitlines()[1] == b'{"type":"user_report"}'
    assert b"Ann" in record.body
    assert EVENT_ID.encode() in record.body


@pytest.mark.parametrize("missing", list(FIELDS))
def test_every_field_is_needed(door: DoorUnderTest, missing: str) -> None:
    answer = run(door.post(path(door), urlencode(FIELDS | {missing: " "}).encode()))

    assert answer.status_code == 400
    assert answer.json() == {"detail": f"{missing}: this field is required"}
    assert door.records() == []


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"dsn": "x"}, 400),
        ({"eventId": "x"}, 400),
        ({"dsn": f"http://{'e' * 32}@door/1"}, 403),
        ({"dsn": f"http://{'e' * 32}@door/9"}, 403),
    ],
)
def test_strangers_get_and_leave_nothing(
    door: DoorUnderTest, given: dict[str, str], status: int
) -> None:
    assert run(door.ask("GET", path(door, **given))).status_code == status
    form = urlencode(FIELDS).encode()
    assert run(door.post(path(door, **given), form)).status_code == status
    assert door.records() == []


def test_a_form_has_a_bound(door: DoorUnderTest) -> None:
    large = urlencode(FIELDS | {"comments": "x" * FORM_BYTES_MAX}).encode()
    many = "&".join(f"a{number}=1" for number in range(100)).encode()

    assert run(door.post(path(door), large)).status_code == 413
    assert run(door.post(path(door), many)).status_code == 400
    assert run(door.ask("PUT", path(door))).status_code == 405
    assert run(door.ask("OPTIONS", path(door))).status_code == 200
