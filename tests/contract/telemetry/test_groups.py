"""Sums over groups of errors, on every adapter."""

import pytest

from tests.contract.telemetry.asking import ALL_TIME
from tests.fakes.telemetry_rows import DAY_NS, NOON_NS, SECOND_NS, an_error, block_of
from vedette.model.group_question import (
    GROUP_COUNT_MAX,
    GroupSeriesQuestion,
    GroupTotalsQuestion,
    HashGroup,
    HashTotalsQuestion,
)
from vedette.model.question import TimeRange
from vedette.storage.telemetry.port import QuestionRefused, Telemetry

HOUR_NS = 3_600 * SECOND_NS


def a_hash(number: int) -> str:
    return f"{number:032x}"


def an_event(number: int, group: int, **given: object) -> dict[str, object]:
    time_ns = given.pop("time_ns", NOON_NS)
    assert isinstance(time_ns, int)
    facts = {"group_hash": bytes.fromhex(a_hash(group)), "time": time_ns // 1_000}
    return an_error(number, **(facts | given))


def put(telemetry: Telemetry, *rows: dict[str, object], token: str = "errors") -> None:
    telemetry.put([block_of("errors", rows)], token=token)


def group(key: int, *hashes: int, project_id: int = 1) -> HashGroup:
    return HashGroup(key, project_id, tuple(a_hash(each) for each in hashes))


def totals(
    telemetry: Telemetry,
    *groups: HashGroup,
    time_range: TimeRange = ALL_TIME,
    environments: tuple[str, ...] = (),
) -> list[tuple[object, ...]]:
    """Return key, events, people, first and last of each group, by key."""
    answer = telemetry.group_totals(GroupTotalsQuestion(groups, time_range, environments))
    return sorted(zip(*answer.columns, strict=True), key=str)


def test_a_group_counts_its_events_and_each_person_once(telemetry: Telemetry) -> None:
    put(
        telemetry,
        an_event(1, 7, user_id="a"),
        an_event(2, 7, user_id="a", time_ns=NOON_NS + HOUR_NS),
        an_event(3, 7, user_id="b", time_ns=NOON_NS - DAY_NS),
        an_event(4, 7, user_email="a"),
        an_event(5, 7, user_id="a", user_email="another", user_address="::1"),
        an_event(6, 7),
        an_event(7, 8, user_id="c"),
    )

    assert totals(telemetry, group(1, 7)) == [(1, 6, 3, NOON_NS - DAY_NS, NOON_NS + HOUR_NS)]


def test_people_of_several_hashes_of_an_issue_count_once(telemetry: Telemetry) -> None:
    put(telemetry, an_event(1, 7, user_id="a"), an_event(2, 8, user_id="a"), an_event(3, 9))

    found = totals(telemetry, group(1, 7, 8), group(2, 9), group(3, 10))

    assert found == [(1, 2, 1, NOON_NS, NOON_NS), (2, 1, 0, NOON_NS, NOON_NS)]


def test_an_equal_hash_of_another_project_is_another_group(telemetry: Telemetry) -> None:
    put(telemetry, an_event(1, 7), an_event(2, 7, project_id=2), an_event(3, 7, project_id=2))

    found = totals(telemetry, group(1, 7), group(2, 7, project_id=2))

    assert [row[:2] for row in found] == [(1, 1), (2, 2)]


def test_time_is_taken_by_whole_hours_and_environments_by_name(telemetry: Telemetry) -> None:
    put(
        telemetry,
        an_event(1, 7, environment="production"),
        an_event(2, 7, environment="staging", time_ns=NOON_NS + HOUR_NS),
        an_event(3, 7, environment="", time_ns=NOON_NS + 2 * HOUR_NS),
    )
    from_half_past = TimeRange(NOON_NS + HOUR_NS // 2, NOON_NS + 2 * HOUR_NS)

    assert totals(telemetry, group(1, 7), time_range=from_half_past)[0][1] == 2
    assert totals(telemetry, group(1, 7), environments=("staging", "x"))[0][1] == 1
    assert totals(telemetry, group(1, 7), environments=("x",)) == []


def test_events_that_were_put_twice_under_one_token_count_once(telemetry: Telemetry) -> None:
    rows = (an_event(1, 7, user_id="a"), an_event(2, 7, user_id="b", time_ns=NOON_NS - DAY_NS))
    put(telemetry, *rows, token="one")
    put(telemetry, *rows, token="one")
    put(telemetry, *rows, token="two")

    assert totals(telemetry, group(1, 7)) == [(1, 4, 2, NOON_NS - DAY_NS, NOON_NS)]


def test_a_series_counts_by_steps_and_leaves_out_empty_ones(telemetry: Telemetry) -> None:
    put(
        telemetry,
        an_event(1, 7),
        an_event(2, 8, time_ns=NOON_NS + SECOND_NS),
        an_event(3, 7, time_ns=NOON_NS + 5 * HOUR_NS),
        an_event(4, 9, time_ns=NOON_NS - HOUR_NS),
    )

    answer = telemetry.group_series(
        GroupSeriesQuestion((group(1, 7, 8), group(2, 9)), ALL_TIME, 7_200)
    )

    assert list(zip(*answer.columns, strict=True)) == [
        (1, NOON_NS, 2),
        (1, NOON_NS + 4 * HOUR_NS, 1),
        (2, NOON_NS - 2 * HOUR_NS, 1),
    ]


def test_hashes_come_by_events_or_by_people(telemetry: Telemetry) -> None:
    put(
        telemetry,
        *(an_event(number, 7, user_id="a") for number in range(3)),
        *(an_event(number, 8, user_id=str(number)) for number in range(2)),
        an_event(9, 9, project_id=2),
        an_error(10),
    )

    def hashes(**more: object) -> list[tuple[object, ...]]:
        question = HashTotalsQuestion((1, 3), ALL_TIME, **more)  # type: ignore[arg-type] # as tests say
        return [row[:4] for row in zip(*telemetry.hash_totals(question).columns, strict=True)]

    assert hashes() == [(1, a_hash(7), 3, 1), (1, a_hash(8), 2, 2)]
    assert hashes(by_people=True) == [(1, a_hash(8), 2, 2), (1, a_hash(7), 3, 1)]
    assert hashes(row_count_max=1) == [(1, a_hash(7), 3, 1)]


def test_forgotten_groups_lose_what_came_before_and_keep_what_came_after(
    telemetry: Telemetry,
) -> None:
    put(
        telemetry,
        an_event(1, 7, user_id="a", received_at=1_000),
        an_event(2, 7, user_id="b", received_at=3_000),
        an_event(3, 8, received_at=1_000),
        an_event(4, 7, project_id=2, received_at=1_000),
    )

    for _ in range(2):
        telemetry.forget_groups(1, [a_hash(7), a_hash(99)], received_before_ns=2 * SECOND_NS)

    groups = (group(1, 7), group(2, 8), group(3, 7, project_id=2))
    assert [row[:3] for row in totals(telemetry, *groups)] == [(1, 1, 1), (2, 1, 0), (3, 1, 0)]
    put(telemetry, an_event(5, 7, user_id="a"), token="later")
    assert [row[:3] for row in totals(telemetry, group(1, 7))] == [(1, 2, 2)]


def test_what_asks_for_nothing_or_too_much_is_answered_so(telemetry: Telemetry) -> None:
    assert totals(telemetry) == []
    assert totals(telemetry, group(1)) == []
    many = tuple(group(number, 1) for number in range(GROUP_COUNT_MAX + 1))
    with pytest.raises(QuestionRefused):
        totals(telemetry, *many)
    with pytest.raises(QuestionRefused):
        telemetry.group_series(GroupSeriesQuestion((group(1, 1),), ALL_TIME, 60))
    with pytest.raises(QuestionRefused):
        telemetry.hash_totals(HashTotalsQuestion((1,), ALL_TIME, row_count_max=0))
    assert telemetry.hash_totals(HashTotalsQuestion((), ALL_TIME)).row_count == 0
