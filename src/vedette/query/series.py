"""Figures over time: steps, the largest groups, all others together, the period before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonValue
from vedette.model.question import (
    SERIES_ROW_COUNT_MAX,
    AllOf,
    AnyOf,
    Attribute,
    Condition,
    Field,
    Not,
    Order,
    RowQuestion,
    Selected,
    Subject,
    TimeRange,
    TimeStep,
    is_of_group,
)
from vedette.query.accuracy import Accuracy, accuracy_of, companions
from vedette.query.condition import SearchContext, search_context
from vedette.query.events_table import meaning_of
from vedette.query.fields import DatasetMeaning, Kind
from vedette.query.group_condition import is_group
from vedette.query.refusal import QuestionWrong
from vedette.query.searched import read_searched
from vedette.query.select import Column, read_columns, read_order
from vedette.query.time_range import AHEAD_NS, read_period_s
from vedette.storage.telemetry.port import TelemetryReader

AXIS_COUNT_MAX: Final = 10
GROUP_COUNT_MAX: Final = 20
"""Lines in one chart; the rest becomes one."""
KEY_COUNT_MAX: Final = 10
STEP_COUNT_MAX: Final = 10_000
INTERVAL_S_MIN: Final = 1
_STEPS_WANTED: Final = 150
_INTERVALS_S: Final = (10, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400)
"""What is taken when no interval is asked for: the first that gives few enough steps."""
_TIMES: Final = frozenset({Kind.TIME, Kind.SECONDS, Kind.NANOSECONDS})


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What is asked for, in the asker's words."""

    dataset: str
    axes: Sequence[str]
    search: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    interval: str | None = None
    group_by: Sequence[str] = ()
    """Conditions on functions in the search choose among these groups, never among steps."""
    group_count: int = 0
    """So many groups; none: no groups."""
    sorts: Sequence[str] = ()
    has_others: bool = True
    before_s: int | None = None
    """Compare with the same length of time, so many seconds earlier."""
    where: Condition | None = None
    is_extrapolated: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """One step of one line."""

    value: JsonValue
    accuracy: Accuracy | None
    before: JsonValue = None


@dataclass(frozen=True, slots=True)
class Line:
    """One axis of one group; without groups, of everything."""

    column: Column
    group: tuple[tuple[str, JsonValue], ...] | None
    """Its keys and values; None: everything, or all other groups."""
    is_others: bool
    order: int
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Series:
    """The answer: all lines over the same steps."""

    request: SeriesRequest
    steps: "Steps"
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of time that lines stand over."""

    start_ns: int
    length_ns: int
    count: int
    end_ns: int
    """Of what was asked for: the last step may reach further."""
    over_ns: int
    """Steps that reach further are not over yet, or only partly asked for."""

    def times_ns(self) -> list[int]:
        """Return where each step starts."""
        return [self.start_ns + number * self.length_ns for number in range(self.count)]

    def is_partial(self, number: int) -> bool:
        """Tell whether a step is not over, or only partly asked for."""
        return self.start_ns + (number + 1) * self.length_ns > self.over_ns


def ask_series(reader: TelemetryReader, request: SeriesRequest) -> Series:
    """Ask for the lines of a chart.

    Raises:
        QuestionWrong: A name is not understood, or there are too many steps or lines.
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    return _Asking(reader, request).series()


def read_steps(request: SeriesRequest) -> Steps:
    """Return the steps: from that in which the time starts to that in which it ends.

    Raises:
        QuestionWrong: There are too many of them.
    """
    start_ns = request.time_range.start_ns
    end_ns, now_ns = request.time_range.end_ns, max(request.now_ns, start_ns + 1)
    if now_ns < end_ns <= now_ns + AHEAD_NS:
        # What was asked for ends now; only the search for rows looks a little further.
        end_ns = now_ns
    if request.interval:
        interval_s = read_period_s(request.interval, name="interval")
    else:
        length_s = (end_ns - start_ns) / NANOSECONDS_PER_SECOND
        fitting = (each for each in _INTERVALS_S if length_s / each <= _STEPS_WANTED)
        interval_s = next(fitting, _INTERVALS_S[-1])
    length_ns = interval_s * NANOSECONDS_PER_SECOND
    first_ns = start_ns // length_ns * length_ns
    count = -((first_ns - end_ns) // length_ns)
    if count > STEP_COUNT_MAX:
        raise QuestionWrong(
            "Your interval and date range would create too many results. Use a larger interval,"
            " or a smaller date range."
        )
    return Steps(first_ns, length_ns, count, end_ns, min(end_ns, now_ns))


_Cell: TypeAlias = Mapping[Selected, JsonValue]
_Cells: TypeAlias = dict[tuple[int, tuple[JsonValue, ...]], _Cell]


@dataclass(frozen=True, slots=True)
class _Group:
    """One of the largest groups."""

    values: tuple[JsonValue, ...]
    condition: Condition


class _Asking:
    """One request on its way; each method asks for a part of the answer."""

    def __init__(self, reader: TelemetryReader, request: SeriesRequest) -> None:
        self._reader = reader
        self._request = request
        self._meaning = meaning_of(request.dataset)
        self._steps = read_steps(request)
        context = search_context(
            self._meaning, request.project_slugs, request.now_ns, self._steps.length_ns
        )
        self._axes = _read_axes(request.axes, self._meaning, context)
        self._searched = read_searched(request.search, context)
        self._is_extrapolated = request.is_extrapolated and self._meaning.is_sampled
        measures = [axis.selected for axis in self._axes]
        self._measures = tuple(
            dict.fromkeys([*measures, *(companions(measures) if self._is_extrapolated else ())])
        )

    def series(self) -> Series:
        request = self._request
        if not request.group_count:
            lines = list(self._whole_lines(AllOf(()), is_others=False, order=0))
            return Series(request, self._steps, lines)
        keys = _read_keys(request, self._meaning)
        groups, has_more = self._largest(keys)
        lines = list(self._group_lines(keys, groups))
        if has_more and request.has_others:
            others = Not(AnyOf(tuple(group.condition for group in groups)))
            lines += self._whole_lines(others, is_others=True, order=len(groups))
        return Series(request, self._steps, lines)

    def _largest(self, keys: tuple[Column, ...]) -> tuple[list[_Group], bool]:
        """Return the first groups in the asked order, and whether there are others."""
        request = self._request
        sorted_by = [axis for axis in self._axes if axis not in keys]
        columns = (*keys, *sorted_by)
        answer = self._reader.rows(
            replace(
                self._question(AllOf(())),
                time_range=TimeRange(self._steps.start_ns, self._steps.end_ns),
                selected=tuple(dict.fromkeys(column.selected for column in columns)),
                order=read_order(list(request.sorts), columns, self._meaning),
                row_count_max=request.group_count,
            )
        )
        subjects = [_subject(key) for key in keys]
        groups = [
            _Group(values, is_group(subjects, values, [key.kind for key in keys]))
            for values in zip(*answer.columns[: len(set(subjects))], strict=True)
        ]
        return groups, answer.was_cut

    def _group_lines(self, keys: tuple[Column, ...], groups: list[_Group]) -> Iterator[Line]:
        if not groups:
            return
        if len(groups) * self._steps.count > SERIES_ROW_COUNT_MAX:
            raise QuestionWrong(
                f"{len(groups)} groups over {self._steps.count} steps of time are too many: use a"
                " larger interval, a smaller date range or fewer groups."
            )
        condition = AnyOf(tuple(group.condition for group in groups))
        cells = self._cells_with_before(condition, tuple(_subject(key) for key in keys))
        for order, group in enumerate(groups):
            named = tuple((key.name, value) for key, value in zip(keys, group.values, strict=True))
            yield from self._lines(cells, group.values, named, order=order)

    def _whole_lines(self, condition: Condition, *, is_others: bool, order: int) -> Iterator[Line]:
        cells = self._cells_with_before(condition, ())
        yield from self._lines(cells, (), None, is_others=is_others, order=order)

    def _lines(
        self,
        cells: tuple[_Cells, _Cells | None],
        values: tuple[JsonValue, ...],
        group: tuple[tuple[str, JsonValue], ...] | None,
        *,
        is_others: bool = False,
        order: int,
    ) -> Iterator[Line]:
        now, before = cells
        for axis in self._axes:
            points = [
                self._point(
                    axis,
                    now.get((number, values), {}),
                    None if before is None else before.get((number, values), {}),
                )
                for number in range(self._steps.count)
            ]
            yield Line(axis, group, is_others, order, points)

    def _point(self, axis: Column, cell: _Cell, before: _Cell | None) -> Point:
        accuracy = accuracy_of(axis.selected, cell) if self._is_extrapolated else None
        earlier = None if before is None else before.get(axis.selected)
        return Point(cell.get(axis.selected), accuracy, earlier)

    def _cells_with_before(
        self, condition: Condition, subjects: tuple[Subject, ...]
    ) -> tuple[_Cells, _Cells | None]:
        cells = self._cells(condition, subjects, shift_ns=0)
        if self._request.before_s is None:
            return cells, None
        shift_ns = self._request.before_s * NANOSECONDS_PER_SECOND
        return cells, self._cells(condition, subjects, shift_ns=shift_ns)

    def _cells(
        self, condition: Condition, subjects: tuple[Subject, ...], *, shift_ns: int
    ) -> _Cells:
        """Return the figures by the number of the step and the values of the group."""
        steps = self._steps
        start_ns, end_ns = steps.start_ns - shift_ns, steps.end_ns - shift_ns
        if end_ns <= 0:
            return {}
        step = TimeStep(steps.length_ns, start_ns)
        question = replace(
            self._question(condition),
            time_range=TimeRange(max(0, start_ns), end_ns),
            selected=(step, *subjects, *self._measures),
            order=(Order(step),),
            row_count_max=SERIES_ROW_COUNT_MAX,
            having=(),
        )
        found: dict[tuple[int, tuple[JsonValue, ...]], _Cell] = {}
        for time, *values in zip(*self._reader.rows(question).columns, strict=True):
            assert isinstance(time, int | float)
            number = (int(time) - start_ns) // steps.length_ns
            group = tuple(values[: len(subjects)])
            figures = values[len(subjects) :]
            found[number, group] = dict(zip(self._measures, figures, strict=True))
        return found

    def _question(self, condition: Condition) -> RowQuestion:
        request, searched = self._request, self._searched
        wheres = [each for each in (request.where, searched.where) if each is not None]
        return RowQuestion(
            dataset=self._meaning.dataset,
            project_ids=tuple(request.project_slugs),
            time_range=request.time_range,
            selected=self._measures,
            where=AllOf((*wheres, *([] if condition == AllOf(()) else [condition]))),
            having=searched.having,
            is_extrapolated=self._is_extrapolated,
        )


def _read_axes(
    names: Sequence[str], meaning: DatasetMeaning, context: SearchContext
) -> tuple[Column, ...]:
    if len(names) > AXIS_COUNT_MAX:
        raise QuestionWrong(f"At most {AXIS_COUNT_MAX} yAxis can be asked for.")
    axes = read_columns(list(names), meaning, context=context)
    for axis in axes:
        if not is_of_group(axis.selected):
            raise QuestionWrong(f"yAxis must be a function or an equation, not {axis.name}.")
    return axes


def _read_keys(request: SeriesRequest, meaning: DatasetMeaning) -> tuple[Column, ...]:
    names = [name for name in request.group_by if name not in request.axes]
    if not names:
        raise QuestionWrong("groupBy is a required parameter when doing topEvents")
    if request.group_count > GROUP_COUNT_MAX:
        raise QuestionWrong(f"Can only get up to {GROUP_COUNT_MAX} top events")
    if len(names) > KEY_COUNT_MAX:
        raise QuestionWrong(f"At most {KEY_COUNT_MAX} groupBy can be asked for.")
    keys = read_columns(names, meaning)
    for key in keys:
        if is_of_group(key.selected) or key.kind in _TIMES:
            raise QuestionWrong(f"Cannot group by {key.name}")
    # Two names may stand for one thing; it makes one group.
    return tuple({key.selected: key for key in reversed(keys)}.values())[::-1]


def _subject(key: Column) -> Subject:
    assert isinstance(key.selected, Field | Attribute)
    return key.selected
