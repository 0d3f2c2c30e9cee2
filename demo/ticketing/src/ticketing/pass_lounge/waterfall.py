"""Lay a trace out as a waterfall. Time in which nothing happens is folded away.

An order takes a tenth of a second, its scan comes days later: drawn to scale, both would be too
thin to see. So the axis shows busy time only, and a row says how long the gap was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg.rows import DictRow

WIDTH: Final = 1000
"""Units of the picture; CSS stretches it."""

BAR_WIDTH_MIN: Final = 4.0
FOLDED_GAP: Final = timedelta(seconds=1)
"""Gaps longer than this, between spans, are folded."""

GAP_WIDTH: Final = 24.0
SERVICE_COLOUR_COUNT: Final = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One span, ready to be drawn."""

    span: DictRow
    bar_x: float
    bar_width: float
    colour: int
    gap_before: str
    """How long nothing happened before this row; empty when nothing was folded."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which something happened."""

    begins: datetime
    ends: datetime
    seconds_before: float
    number: int


def lay_out(spans: Sequence[DictRow]) -> list[Row]:
    """Rows in the order of the tree."""
    if not spans:
        return []
    stretches = _stretches(spans)
    busy_s = sum((one.ends - one.begins).total_seconds() for one in stretches)
    units_per_s = (WIDTH - GAP_WIDTH * (len(stretches) - 1)) / max(busy_s, 1e-6)
    colours = colours_of(spans)
    shown: set[int] = {0}
    rows: list[Row] = []
    for span in spans:
        stretch = next(one for one in stretches if span["start_time"] <= one.ends)
        into_s = (span["start_time"] - stretch.begins).total_seconds()
        bar_x = (stretch.seconds_before + into_s) * units_per_s + stretch.number * GAP_WIDTH
        bar_x = min(bar_x, WIDTH - BAR_WIDTH_MIN)
        bar_width = max(span["duration_ms"] / 1_000 * units_per_s, BAR_WIDTH_MIN)
        gap = "" if stretch.number in shown else _gap_words(stretches, stretch.number)
        shown.add(stretch.number)
        width = min(bar_width, WIDTH - bar_x)
        colour = colours[span["service_name"]]
        rows.append(Row(span, round(bar_x, 2), round(width, 2), colour, gap))
    return rows


def colours_of(spans: Sequence[DictRow]) -> dict[str, int]:
    """A colour number for each service, in the order of appearance."""
    services = dict.fromkeys(span["service_name"] for span in spans)
    return {name: number % SERVICE_COLOUR_COUNT + 1 for number, name in enumerate(services)}


def _stretches(spans: Sequence[DictRow]) -> list[_Stretch]:
    times = sorted((span["start_time"], span["end_time"]) for span in spans)
    merged: list[tuple[datetime, datetime]] = [times[0]]
    for begins, ends in times[1:]:
        if begins - merged[-1][1] > FOLDED_GAP:
            merged.append((begins, ends))
        else:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
    stretches: list[_Stretch] = []
    seconds_before = 0.0
    for number, (begins, ends) in enumerate(merged):
        stretches.append(_Stretch(begins, ends, seconds_before, number))
        seconds_before += (ends - begins).total_seconds()
    return stretches


def _gap_words(stretches: Sequence[_Stretch], number: int) -> str:
    return words_for(stretches[number].begins - stretches[number - 1].ends)


def words_for(length: timedelta) -> str:
    """A length of time with its two largest units, such as `2 d 3 h`."""
    seconds = round(length.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
