"""Feedback of people, on every adapter."""

import pytest

from tests.fakes.telemetry_rows import NOON_NS, an_error, block_of, row_of
from vedette.model.feedback import FEEDBACK_COUNT_MAX, FeedbackQuestion
from vedette.storage.telemetry.port import QuestionRefused, Telemetry

NOON_MS = NOON_NS // 1_000_000


def hex_id(number: int) -> str:
    return f"{number:032x}"


def words(number: int, event: int = 0, **given: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "project_id": 1,
        "time": NOON_MS + number,
        "feedback_id": bytes.fromhex(hex_id(number)),
        "event_id": bytes.fromhex(hex_id(event)),
        "message": f"words {number}",
    }
    return row_of("feedback", **(facts | given))


def put(telemetry: Telemetry, *rows: dict[str, object]) -> None:
    telemetry.put([block_of("feedback", rows)], token="feedback")


def shown(telemetry: Telemetry, question: FeedbackQuestion) -> list[object]:
    return [row["message"] for row in telemetry.feedback(question).rows()]


def test_feedback_is_shown_as_it_was_written(telemetry: Telemetry) -> None:
    put(telemetry, words(1, 7, name="Ann", email="a@b", url="u", source="widget", replay_id="r"))

    assert telemetry.feedback(FeedbackQuestion((1,))).rows() == [
        {
            "project_id": 1,
            "id": hex_id(1),
            "event_id": hex_id(7),
            "time": NOON_NS + 1_000_000,
            "name": "Ann",
            "email": "a@b",
            "message": "words 1",
            "url": "u",
            "source": "widget",
            "replay_id": "r",
        }
    ]


def test_only_what_is_asked_for_is_shown_newest_first_and_once(telemetry: Telemetry) -> None:
    group = bytes.fromhex(hex_id(99))
    telemetry.put([block_of("errors", [an_error(7, group_hash=group)])], token="errors")
    event = int.from_bytes(bytes(an_error(7)["event_id"]))  # type: ignore[call-overload] # bytes
    put(telemetry, words(1), words(2, event), words(2, event), words(3, event, project_id=2))

    assert shown(telemetry, FeedbackQuestion((1,))) == ["words 2", "words 1"]
    assert shown(telemetry, FeedbackQuestion((1, 2))) == ["words 3", "words 2", "words 1"]
    assert shown(telemetry, FeedbackQuestion((1,), event_id=hex_id(event))) == ["words 2"]
    assert shown(telemetry, FeedbackQuestion((1, 2), hashes=(hex_id(99),))) == ["words 2"]
    assert shown(telemetry, FeedbackQuestion((1,), hashes=())) == []
    assert shown(telemetry, FeedbackQuestion(())) == []


def test_pages_follow_one_another(telemetry: Telemetry) -> None:
    put(telemetry, words(1), words(2), words(3))

    first = telemetry.feedback(FeedbackQuestion((1,), row_count_max=2))

    assert (first.row_count, first.was_cut) == (2, True)
    assert shown(telemetry, FeedbackQuestion((1,), row_count_max=2, row_offset=2)) == ["words 1"]
    with pytest.raises(QuestionRefused):
        telemetry.feedback(FeedbackQuestion((1,), row_count_max=FEEDBACK_COUNT_MAX + 1))
