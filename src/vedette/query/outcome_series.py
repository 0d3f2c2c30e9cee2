"""What became of everything that was sent, in the form of Sentry's `stats_v2`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import OutcomeQuestion, TimeRange
from vedette.query.iso_time import iso_time
from vedette.query.refusal import QuestionWrong
from vedette.query.time_range import read_period_s

QUANTITY: Final = "sum(quantity)"
GROUPS: Final = ("outcome", "category", "reason", "project")
INTERVAL_S_DEFAULT: Final = 3_600
INTERVAL_S_MIN: Final = 60
"""Outcomes are summed by minute."""
INTERVAL_COUNT_MAX: Final = 10_000
CELL_COUNT_MAX: Final = 500_000
"""Groups times steps: what a client can still hold and we can still write."""

_TOO_MANY: Final = "Too many groups and steps of time: take a longer interval or fewer groups"


@dataclass(frozen=True, slots=True)
class OutcomeRequest:
    """What is asked for."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    group_by: tuple[str, ...]
    interval_s: int
    only: Mapping[str, frozenset[str]]
    """Values to which a column is held, such as `category` to `error`."""


def read_outcome_request(
    *,
    fields: Sequence[str],
    group_by: Sequence[str],
    interval: str | None,
    only: Mapping[str, Sequence[str]],
    project_ids: tuple[int, ...],
    time_range: TimeRange,
) -> OutcomeRequest:
    """Return the request.

    Raises:
        QuestionWrong: A parameter is not understood, or asks for too many steps of time.
    """
    for field in fields or [""]:
        if field != QUANTITY:
            raise QuestionWrong(f'Invalid field: "{field}". Known: {QUANTITY}')
    for group in group_by:
        if group not in GROUPS:
            raise QuestionWrong(f'Invalid groupBy: "{group}". Known: {", ".join(GROUPS)}')
    interval_s = read_period_s(interval, name="interval") if interval else INTERVAL_S_DEFAULT
    if interval_s < INTERVAL_S_MIN:
        raise QuestionWrong(f"Invalid interval: must be at least {INTERVAL_S_MIN}s")
    interval_ns = interval_s * NANOSECONDS_PER_SECOND
    start_ns = time_range.start_ns // interval_ns * interval_ns
    if (time_range.end_ns - start_ns) // interval_ns >= INTERVAL_COUNT_MAX:
        raise QuestionWrong(
            f"Invalid interval: more than {INTERVAL_COUNT_MAX} steps of time; take a longer one"
        )
    return OutcomeRequest(
        project_ids=project_ids,
        time_range=TimeRange(start_ns, time_range.end_ns),
        group_by=tuple(dict.fromkeys(group_by)),
        interval_s=interval_s,
        only={name: frozenset(values) for name, values in only.items() if values},
    )


def outcome_question(request: OutcomeRequest) -> OutcomeQuestion:
    """Return the question for the store: also by whatever the answer is held to."""
    return OutcomeQuestion(
        project_ids=request.project_ids,
        time_range=request.time_range,
        group_by=tuple(dict.fromkeys((*request.group_by, *request.only))),
        interval_s=request.interval_s,
    )


def shape_outcomes(answer: Answer, request: OutcomeRequest) -> JsonObject:
    """Return sums by group and step of time.

    Raises:
        QuestionWrong: There are more sums than can be shown.
    """
    interval_ns = request.interval_s * NANOSECONDS_PER_SECOND
    start_ns, end_ns = request.time_range.start_ns, request.time_range.end_ns
    step_count = -((start_ns - end_ns) // interval_ns)
    series: dict[tuple[JsonValue, ...], list[int]] = {}
    if answer.was_cut:
        raise QuestionWrong(_TOO_MANY)
    for row in answer.rows():
        if any(str(row[name]) not in values for name, values in request.only.items()):
            continue
        group = tuple(row[name] for name in request.group_by)
        step = (_whole(row["time"]) - start_ns) // interval_ns
        if (len(series) + 1) * step_count > CELL_COUNT_MAX:
            raise QuestionWrong(_TOO_MANY)
        if 0 <= step < step_count:
            series.setdefault(group, [0] * step_count)[step] += _whole(row["quantity"])
    largest = sorted(series.items(), key=lambda item: (-sum(item[1]), str(item[0])))
    return {
        "start": iso_time(start_ns),
        "end": iso_time(start_ns + step_count * interval_ns),
        "intervals": [iso_time(start_ns + step * interval_ns) for step in range(step_count)],
        "groups": [
            {
                "by": dict(zip(request.group_by, group, strict=True)),
                "totals": {QUANTITY: sum(steps)},
                "series": {QUANTITY: steps},
            }
            for group, steps in largest
        ],
    }


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int | float)
    return int(value)
