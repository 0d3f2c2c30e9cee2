"""Outcomes in the form of stats_v2."""

import pytest

from vedette.model.answer import Answer
from vedette.model.json_value import JsonValue
from vedette.model.question import OutcomeQuestion, TimeRange
from vedette.query.outcome_series import (
    OutcomeRequest,
    outcome_question,
    read_outcome_request,
    shape_outcomes,
)
from vedette.query.refusal import QuestionWrong

HOUR_NS = 3_600_000_000_000


def request(
    *,
    fields: tuple[str, ...] = ("sum(quantity)",),
    group_by: tuple[str, ...] = ("outcome",),
    interval: str | None = None,
    category: tuple[str, ...] = (),
    hours: int = 2,
) -> OutcomeRequest:
    return read_outcome_request(
        fields=fields,
        group_by=group_by,
        interval=interval,
        only={"category": category},
        project_ids=(7,),
        time_range=TimeRange(10 * HOUR_NS + 5, (10 + hours) * HOUR_NS),
    )


def answer(names: str, *rows: tuple[JsonValue, ...]) -> Answer:
    return Answer(
        tuple(names.split()), tuple(zip(*rows, strict=True)) or ((),) * len(names.split())
    )


def test_steps_of_time_begin_at_a_whole_step() -> None:
    assert outcome_question(request()) == OutcomeQuestion(
        (7,), TimeRange(10 * HOUR_NS, 12 * HOUR_NS), ("outcome",), 3_600
    )


def test_quantities_are_summed_by_group_and_step() -> None:
    found = answer(
        "outcome time quantity",
        ("accepted", 10 * HOUR_NS, 2),
        ("accepted", 11 * HOUR_NS, 3),
        ("invalid", 11 * HOUR_NS, 1),
    )

    shape = shape_outcomes(found, request())

    assert shape == {
        "start": "1970-01-01T10:00:00Z",
        "end": "1970-01-01T12:00:00Z",
        "intervals": ["1970-01-01T10:00:00Z", "1970-01-01T11:00:00Z"],
        "groups": [
            {
                "by": {"outcome": "accepted"},
                "totals": {"sum(quantity)": 5},
                "series": {"sum(quantity)": [2, 3]},
            },
            {
                "by": {"outcome": "invalid"},
                "totals": {"sum(quantity)": 1},
                "series": {"sum(quantity)": [0, 1]},
            },
        ],
    }


def test_a_category_narrows_without_being_shown() -> None:
    asked = request(category=("error",))
    found = answer(
        "outcome category time quantity",
        ("accepted", "error", 10 * HOUR_NS, 2),
        ("accepted", "span", 10 * HOUR_NS, 30),
    )

    assert outcome_question(asked).group_by == ("outcome", "category")
    groups = shape_outcomes(found, asked)["groups"]
    assert groups == [
        {
            "by": {"outcome": "accepted"},
            "totals": {"sum(quantity)": 2},
            "series": {"sum(quantity)": [2, 0]},
        }
    ]


def test_nothing_sent_is_no_groups() -> None:
    assert shape_outcomes(answer("outcome time quantity"), request())["groups"] == []


def test_refuses_what_it_does_not_know_or_cannot_show() -> None:
    with pytest.raises(QuestionWrong, match="Invalid field"):
        request(fields=("sum(times_seen)",))
    with pytest.raises(QuestionWrong, match="Invalid field"):
        request(fields=())
    with pytest.raises(QuestionWrong, match="Invalid groupBy"):
        request(group_by=("key_id",))
    with pytest.raises(QuestionWrong, match="at least 60s"):
        request(interval="1s")
    with pytest.raises(QuestionWrong, match="more than 10000 steps"):
        request(interval="1m", hours=1_000)


def test_more_sums_than_can_be_shown_are_refused_not_cut() -> None:
    asked = request(interval="1m", hours=160, group_by=("reason",))
    found = answer("reason time quantity", *((f"reason {n}", 10 * HOUR_NS, 1) for n in range(60)))

    with pytest.raises(QuestionWrong, match="Too many groups"):
        shape_outcomes(found, asked)
