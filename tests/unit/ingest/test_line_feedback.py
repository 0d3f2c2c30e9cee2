"""Feedback on its line: both forms become rows, scrubbed; what says nothing is not kept."""

import json
from collections import Counter

import pytest

from tests.fakes.native_block import rows_of
from tests.unit.ingest.test_batch import CONTEXT, record
from vedette.ingest.batch import digest_batch
from vedette.model.json_value import JsonObject
from vedette.model.taken import Taken

EVENT_ID, OWN_ID = "1" * 32, "2" * 32


def digested(*items: tuple[str, JsonObject | bytes]) -> Taken:
    given = [
        (kind, body if isinstance(body, bytes) else json.dumps(body).encode())
        for kind, body in items
    ]
    return digest_batch([record(*given)], CONTEXT, unpacked_bytes_max=10**6)


def rows(taken: Taken) -> list[dict[str, object]]:
    return [row for block in taken.blocks if block.table == "feedback" for row in rows_of(block)]


def reasons(taken: Taken) -> Counter[tuple[str, str, str]]:
    return Counter((each.category, each.fate, each.reason) for each in taken.outcomes)


def feedback(**given: str) -> JsonObject:
    return {
        "event_id": OWN_ID,
        "type": "feedback",
        "environment": "shop",
        "contexts": {"feedback": {"message": "too slow", **given}},
        "user": {"email": "of@user.test", "username": "user"},
    }


def test_feedback_of_today_has_the_id_of_its_own_event() -> None:
    taken = digested(
        ("feedback", feedback(associated_event_id=EVENT_ID, source="widget", name="Ann", url="/x"))
    )

    [row] = rows(taken)
    assert row["feedback_id"] == bytes.fromhex(OWN_ID)
    assert row["event_id"] == bytes.fromhex(EVENT_ID)
    assert (row["message"], row["name"], row["url"]) == ("too slow", "Ann", "/x")
    assert (row["email"], row["source"], row["environment"]) == ("of@user.test", "widget", "shop")
    assert reasons(taken) == {("feedback", "accepted", ""): 1}


def test_an_old_report_becomes_feedback_about_its_event() -> None:
    report: JsonObject = {
        "event_id": EVENT_ID,
        "name": "Ann",
        "email": "a@b.test",
        "comments": "it broke",
    }

    [one], [again] = (rows(digested(("user_report", report))) for _ in range(2))

    assert one == again
    assert one["event_id"] == bytes.fromhex(EVENT_ID)
    assert (one["message"], one["name"], one["email"]) == ("it broke", "Ann", "a@b.test")
    assert one["source"] == "user_report"


def test_what_must_not_be_kept_is_taken_out() -> None:
    [row] = rows(digested(("feedback", feedback(message="my card is 4242 4242 4242 4242"))))

    assert "4242" not in str(row["message"])


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("feedback", b"{", "unreadable"),
        ("feedback", b"[]", "unreadable"),
        ("feedback", feedback(message="  "), "missing_field"),
        ("feedback", {"contexts": 7}, "missing_field"),
        ("user_report", {"comments": "about nothing"}, "missing_field"),
        ("user_report", {"event_id": EVENT_ID}, "missing_field"),
    ],
)
def test_what_says_nothing_is_counted_and_not_kept(
    kind: str, body: JsonObject | bytes, reason: str
) -> None:
    taken = digested((kind, body))

    assert rows(taken) == []
    assert reasons(taken) == {("feedback", "invalid", reason): 1}
