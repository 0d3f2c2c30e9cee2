"""Rows of attachments, on every adapter."""

import pytest

from tests.fakes.telemetry_rows import DAY_NS, NOON_NS, an_error, block_of, row_of
from vedette.model.attachment import ATTACHMENT_COUNT_MAX, AttachmentQuestion
from vedette.storage.telemetry.port import QuestionRefused, Telemetry


def hex_id(number: int) -> str:
    return f"{number:032x}"


def a_file(number: int, event: int, **given: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "project_id": 1,
        "event_id": bytes.fromhex(hex_id(event)),
        "attachment_id": bytes.fromhex(hex_id(number)),
        "time": NOON_NS // 1_000_000,
        "name": f"{number}.txt",
        "content_type": "text/plain",
        "attachment_type": "event.attachment",
        "byte_count": number,
        "content_sha": bytes([number]) * 20,
    }
    return row_of("attachments", **(facts | given))


def put(telemetry: Telemetry, *rows: dict[str, object], token: str = "files") -> None:
    telemetry.put([block_of("attachments", rows)], token=token)


def names(telemetry: Telemetry, question: AttachmentQuestion) -> list[object]:
    return [row["name"] for row in telemetry.attachments(question).rows()]


def test_an_attachment_is_shown_as_it_was_written(telemetry: Telemetry) -> None:
    put(telemetry, a_file(7, event=1))

    assert telemetry.attachments(AttachmentQuestion(1, hex_id(1), hex_id(7))).rows() == [
        {
            "project_id": 1,
            "event_id": hex_id(1),
            "id": hex_id(7),
            "name": "7.txt",
            "content_type": "text/plain",
            "type": "event.attachment",
            "size": 7,
            "sha1": "07" * 20,
            "time": NOON_NS,
        }
    ]


def test_only_what_is_asked_for_is_shown_newest_first(telemetry: Telemetry) -> None:
    later = (NOON_NS + 1_000_000) // 1_000_000
    put(
        telemetry,
        a_file(1, event=1),
        a_file(2, event=1, time=later),
        a_file(3, event=2),
        a_file(4, event=1, project_id=2),
    )

    assert names(telemetry, AttachmentQuestion(1, hex_id(1))) == ["2.txt", "1.txt"]
    assert names(telemetry, AttachmentQuestion(1)) == ["2.txt", "1.txt", "3.txt"]
    assert names(telemetry, AttachmentQuestion(2, hex_id(1), hex_id(1))) == []
    assert names(telemetry, AttachmentQuestion(1, received_before_ns=NOON_NS + 1)) == [
        "1.txt",
        "3.txt",
    ]


def test_the_attachments_of_groups_are_those_of_their_events(telemetry: Telemetry) -> None:
    group = bytes.fromhex(hex_id(99))
    telemetry.put(
        [block_of("errors", [an_error(1, group_hash=group), an_error(2)])], token="errors"
    )
    mine = telemetry.known_event_ids(
        project_id=1, event_ids=[hex_id(1), hex_id(2)], before_sequence=2**40
    )
    put(telemetry, a_file(1, event=1), a_file(2, event=2), a_file(3, event=1, project_id=2))

    assert mine == {hex_id(1), hex_id(2)}
    assert names(telemetry, AttachmentQuestion(1, hashes=(hex_id(99),))) == ["1.txt"]
    assert names(telemetry, AttachmentQuestion(1, hashes=())) == []


def test_what_is_sent_again_is_shown_once_a_day(telemetry: Telemetry) -> None:
    put(telemetry, a_file(1, event=1), a_file(1, event=1))
    put(telemetry, a_file(1, event=1, time=(NOON_NS + DAY_NS) // 1_000_000), token="again")

    times = [row["time"] for row in telemetry.attachments(AttachmentQuestion(1)).rows()]

    assert times == [NOON_NS + DAY_NS, NOON_NS]


def test_pages_follow_one_another(telemetry: Telemetry) -> None:
    put(telemetry, *(a_file(number, event=1) for number in range(1, 4)))

    first = telemetry.attachments(AttachmentQuestion(1, row_count_max=2))
    second = telemetry.attachments(AttachmentQuestion(1, row_count_max=2, row_offset=2))

    assert (first.row_count, first.was_cut) == (2, True)
    assert (second.row_count, second.was_cut) == (1, False)
    with pytest.raises(QuestionRefused):
        telemetry.attachments(AttachmentQuestion(1, row_count_max=ATTACHMENT_COUNT_MAX + 1))


def test_one_can_be_forgotten_and_the_others_stay(telemetry: Telemetry) -> None:
    put(telemetry, a_file(1, event=1), a_file(2, event=1), a_file(1, event=2))

    for _ in range(2):
        telemetry.forget_attachment(project_id=1, event_id=hex_id(1), attachment_id=hex_id(1))

    assert names(telemetry, AttachmentQuestion(1)) == ["2.txt", "1.txt"]
    assert names(telemetry, AttachmentQuestion(1, hex_id(1))) == ["2.txt"]


def test_days_that_have_ended_are_told_and_dropped(telemetry: Telemetry) -> None:
    put(
        telemetry,
        a_file(1, event=1),
        a_file(2, event=1, time=(NOON_NS - DAY_NS) // 1_000_000),
    )

    assert telemetry.attachment_days(before_ns=NOON_NS + DAY_NS) == ["2025-12-31", "2026-01-01"]
    assert telemetry.attachment_days(before_ns=NOON_NS) == ["2025-12-31"]
    assert telemetry.drop_older_than(table="attachments", before_ns=NOON_NS) == 1
    assert names(telemetry, AttachmentQuestion(1)) == ["1.txt"]
