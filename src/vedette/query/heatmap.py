"""How a number is spread over time: how many rows in each step of time and of its size."""

from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    SERIES_ROW_COUNT_MAX,
    Aggregate,
    AllOf,
    Function,
    Has,
    LogStep,
    Order,
    RowQuestion,
    TimeRange,
    TimeStep,
)
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import NANOSECONDS_PER_MILLISECOND, meaning_of
from vedette.query.fields import Kind
from vedette.query.refusal import QuestionWrong
from vedette.query.series import SeriesRequest, read_steps
from vedette.query.subject import as_number, read_subject
from vedette.storage.telemetry.port import TelemetryReader

PER_DOUBLING: Final = 2
CELL_COUNT_MAX: Final = SERIES_ROW_COUNT_MAX
_NUMBERS: Final = frozenset({None, Kind.NUMBER, Kind.INTEGER, Kind.DURATION})


@dataclass(frozen=True, slots=True)
class HeatmapRequest:
    """Of which number and which rows."""

    series: SeriesRequest
    """Dataset, search, projects, time and interval; its axes do not matter."""
    name: str


def ask_heatmap(reader: TelemetryReader, request: HeatmapRequest) -> JsonObject:
    """Return counts by step of time and by step of size.

    Raises:
        QuestionWrong: It is no number, or there are too many steps.
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    asked = request.series
    meaning = meaning_of(asked.dataset)
    context = search_context(meaning, asked.project_slugs, asked.now_ns)
    subject, kind = read_subject(request.name, meaning)
    if kind not in _NUMBERS:
        raise QuestionWrong(f"{request.name} is no number")
    subject = as_number(subject)
    steps = read_steps(asked)
    step = TimeStep(steps.length_ns, steps.start_ns)
    wheres = [each for each in (asked.where, read_condition(asked.search, context)) if each]
    size = LogStep(subject, PER_DOUBLING)
    answer = reader.rows(
        RowQuestion(
            dataset=meaning.dataset,
            project_ids=tuple(asked.project_slugs),
            time_range=TimeRange(steps.start_ns, steps.end_ns),
            selected=(step, size, Aggregate(Function.COUNT)),
            where=AllOf((*wheres, Has(subject))),
            order=(Order(step), Order(size)),
            row_count_max=CELL_COUNT_MAX,
            is_extrapolated=asked.is_extrapolated and meaning.is_sampled,
        )
    )
    if answer.was_cut:
        raise QuestionWrong("Too many steps: use a larger interval or a smaller date range.")
    times, sizes, counts = answer.columns
    is_duration = kind is Kind.DURATION
    lowest = min(map(_whole, sizes), default=0)
    highest = max(map(_whole, sizes), default=-1)
    return {
        "name": request.name,
        "unit": "millisecond" if is_duration else None,
        "times": [time_ns // NANOSECONDS_PER_MILLISECOND for time_ns in steps.times_ns()],
        "interval": steps.length_ns // NANOSECONDS_PER_MILLISECOND,
        "bounds": [
            _bound(number, is_duration=is_duration) for number in range(lowest, highest + 2)
        ],
        "cells": {
            "time": [(_whole(time) - steps.start_ns) // steps.length_ns for time in times],
            "bucket": [_whole(size) - lowest for size in sizes],
            "count": [_rounded(count) for count in counts],
        },
    }


def _bound(number: int, *, is_duration: bool) -> float:
    bound = 0.0 if number < 0 else 2 ** (number / PER_DOUBLING)
    return bound / NANOSECONDS_PER_MILLISECOND if is_duration else bound


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int | float)
    return int(value)


def _rounded(value: JsonValue) -> int:
    assert isinstance(value, int | float)
    return round(value)
