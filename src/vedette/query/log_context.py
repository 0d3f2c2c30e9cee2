"""The lines around one: what the same source, or the same trace, wrote before and after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Dataset,
    Field,
    Has,
    Not,
    Operator,
    Order,
    RowQuestion,
    Subject,
    TimeRange,
    ValueType,
)
from vedette.query.events_table import meaning_of, show
from vedette.query.refusal import QuestionWrong
from vedette.query.select import read_columns
from vedette.storage.telemetry.port import TelemetryReader

LINE_COUNT_DEFAULT: Final = 20
LINE_COUNT_MAX: Final = 200
"""On either side."""
REACH_NS: Final = tuple(minutes * 60 * NANOSECONDS_PER_SECOND for minutes in (10, 120, 1_440))
"""How far from the line is looked, one after the other until there are enough."""
_TIME: Final = Field("timestamp_precise")
_SEQUENCE: Final = Field("sequence")
_ID: Final = Field("id")
_SHOWN: Final = (
    *("id", "timestamp", "timestamp_precise", "project", "environment", "service", "severity"),
    *("message", "logger", "trace", "span_id"),
)
_PLACES: Final[tuple[Subject, ...]] = (
    Field("service"),
    Field("environment"),
    # Equal for all lines of one process of an OpenTelemetry SDK.
    Field("resource"),
    # What Sentry's SDKs say of the machine, line by line.
    Attribute("server.address", ValueType.STRING),
)
_PLACE_NAMES: Final = ("service", "environment", "resource", "server.address")


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """Around which line, and how much."""

    log_id: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    """Where to look for the line itself."""
    before_count: int = LINE_COUNT_DEFAULT
    after_count: int = LINE_COUNT_DEFAULT
    by: str = "source"
    """`source` or `trace`."""


def ask_log_context(reader: TelemetryReader, request: ContextRequest) -> JsonObject | None:
    """Return the lines around one, in order; None if there is no such line.

    Raises:
        QuestionWrong: The line belongs to no trace, and the trace's lines are wanted.
        TelemetryError: The store could not answer.
    """
    found = reader.rows(
        RowQuestion(
            dataset=Dataset.LOGS,
            project_ids=tuple(request.project_slugs),
            time_range=request.time_range,
            selected=(Field("project.id"), _TIME, _SEQUENCE, Field("trace"), *_PLACES),
            where=Compare(_ID, Operator.EQUAL, (request.log_id,)),
            order=(Order(Field("timestamp"), is_descending=True),),
            row_count_max=1,
        )
    )
    line = next(zip(*found.columns, strict=True), None)
    if line is None:
        return None
    project_id, time_ns, sequence = (int(str(value)) for value in line[:3])
    trace_id, places = str(line[3]), line[4:]
    if request.by == "trace":
        if not trace_id.strip("0"):
            raise QuestionWrong("This line belongs to no trace: ask for its source.")
        same: Condition = Compare(Field("trace"), Operator.EQUAL, (trace_id,))
        source: JsonObject = {"trace": trace_id}
        projects = tuple(request.project_slugs)
    else:
        same = _same_place(places)
        source = {
            "project": request.project_slugs.get(project_id, str(project_id)),
            **{
                name: str(value) if name == "resource" else value
                for name, value in zip(_PLACE_NAMES, places, strict=True)
                if value
            },
        }
        projects = (project_id,)
    asking = _Asking(reader, request, projects, same)
    before, has_more_before = asking.before(time_ns, sequence)
    itself, _ = asking.itself(time_ns)
    after, has_more_after = asking.after(time_ns, sequence)
    return {
        "by": request.by,
        "source": source,
        "before": before,
        "line": itself[0] if itself else None,
        "after": after,
        "hasMoreBefore": has_more_before,
        "hasMoreAfter": has_more_after,
    }


def _same_place(places: tuple[JsonValue, ...]) -> Condition:
    conditions: list[Condition] = []
    for subject, value in zip(_PLACES, places, strict=True):
        if isinstance(value, str | int | float) and (value or isinstance(subject, Field)):
            conditions.append(Compare(subject, Operator.EQUAL, (value,)))
        else:
            conditions.append(Not(Has(subject)))
    return AllOf(tuple(conditions))


class _Asking:
    """One request on its way."""

    def __init__(
        self,
        reader: TelemetryReader,
        request: ContextRequest,
        projects: tuple[int, ...],
        same: Condition,
    ) -> None:
        self._reader = reader
        self._request = request
        self._projects = projects
        self._same = same
        self._columns = read_columns(list(_SHOWN), meaning_of("logs"))

    def before(self, time_ns: int, sequence: int) -> tuple[list[JsonValue], bool]:
        """Return the lines before it, oldest first, and whether there are more."""
        earlier = _beyond(time_ns, sequence, Operator.LESS)
        ranges = [TimeRange(max(0, time_ns - reach_ns), time_ns + 1) for reach_ns in REACH_NS]
        rows, has_more = self._nearest(
            earlier, ranges, self._request.before_count, is_descending=True
        )
        return rows[::-1], has_more

    def after(self, time_ns: int, sequence: int) -> tuple[list[JsonValue], bool]:
        """Return the lines after it, oldest first, and whether there are more.

        Lines that say the same time and place in order, from batches of their own, count as after.
        """
        same_moment = AllOf(
            (
                Compare(_TIME, Operator.EQUAL, (time_ns,)),
                Compare(_SEQUENCE, Operator.EQUAL, (sequence,)),
                Not(Compare(_ID, Operator.EQUAL, (self._request.log_id,))),
            )
        )
        later = AnyOf((_beyond(time_ns, sequence, Operator.GREATER), same_moment))
        ranges = [TimeRange(time_ns, time_ns + reach_ns) for reach_ns in REACH_NS]
        return self._nearest(later, ranges, self._request.after_count, is_descending=False)

    def itself(self, time_ns: int) -> tuple[list[JsonValue], bool]:
        """Return the line."""
        is_it = Compare(_ID, Operator.EQUAL, (self._request.log_id,))
        return self._ask(is_it, TimeRange(time_ns, time_ns + 1), 1, is_descending=False)

    def _nearest(
        self, where: Condition, ranges: Sequence[TimeRange], count: int, *, is_descending: bool
    ) -> tuple[list[JsonValue], bool]:
        """Look in one time range after the other until there are more rows than are wanted."""
        rows: list[JsonValue] = []
        for time_range in ranges:
            rows, has_more = self._ask(where, time_range, count, is_descending=is_descending)
            if has_more:
                return rows, True
        return rows, False

    def _ask(
        self, where: Condition, time_range: TimeRange, count: int, *, is_descending: bool
    ) -> tuple[list[JsonValue], bool]:
        if not count:
            return [], True
        slugs = self._request.project_slugs
        answer = self._reader.rows(
            RowQuestion(
                dataset=Dataset.LOGS,
                project_ids=self._projects,
                time_range=time_range,
                selected=tuple(dict.fromkeys(column.selected for column in self._columns)),
                where=AllOf((self._same, where)),
                order=tuple(Order(each, is_descending) for each in (_TIME, _SEQUENCE, _ID)),
                row_count_max=count,
            )
        )
        place = {
            selected: index
            for index, selected in enumerate(
                dict.fromkeys(column.selected for column in self._columns)
            )
        }
        rows: list[JsonValue] = [
            {
                column.name: show(values[place[column.selected]], column.kind, slugs)
                for column in self._columns
            }
            for values in zip(*answer.columns, strict=True)
        ]
        return rows, answer.was_cut


def _beyond(time_ns: int, sequence: int, operator: Operator) -> Condition:
    """Return the condition that a line stands before or after a place in the order."""
    same_time = Compare(_TIME, Operator.EQUAL, (time_ns,))
    return AnyOf(
        (
            Compare(_TIME, operator, (time_ns,)),
            AllOf((same_time, Compare(_SEQUENCE, operator, (sequence,)))),
        )
    )
