"""Rows as they come in: what is new since the last look, and how many were passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    Compare,
    Condition,
    Field,
    Function,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
)
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of, show
from vedette.query.refusal import QuestionWrong
from vedette.query.select import read_columns
from vedette.query.time_range import AHEAD_NS
from vedette.storage.telemetry.port import TelemetryReader

ROWS_PER_LOOK_MAX: Final = 500
"""What a person can still see pass by, and a page can draw."""
LATE_NS: Final = 3_600 * NANOSECONDS_PER_SECOND
"""Rows that happened longer ago are no news: whoever sends a backlog sees it in the list."""
RESUME_NS_MAX: Final = 60 * NANOSECONDS_PER_SECOND
"""So far back a client may go on that lost its connection."""
_MILLISECOND_NS: Final = 1_000_000
_SHOWN: Final = {
    "logs": (
        *("id", "timestamp", "received", "project", "environment", "service", "severity"),
        *("message", "logger", "trace", "span_id", "release"),
    ),
    "spans": (
        *("id", "timestamp", "received", "project", "environment", "service", "span.op"),
        *("span.description", "span.duration", "span.status", "trace"),
    ),
    "errors": (
        *("id", "timestamp", "received", "project", "environment", "service", "level"),
        *("title", "culprit", "trace", "release"),
    ),
}
_RECEIVED: Final = Field("received")
_HAPPENED: Final = {
    "logs": (Field("timestamp"), Field("sequence")),
    "spans": (Field("timestamp"),),
    "errors": (Field("timestamp"),),
}


@dataclass(frozen=True, slots=True)
class TailRequest:
    """Which rows, in the asker's words."""

    dataset: str
    search: str
    project_slugs: Mapping[int, str]
    now_ns: int
    resumed_ns: int | None = None
    """Where a client that lost its connection had got to."""
    where: Condition | None = None
    row_count_max: int = ROWS_PER_LOOK_MAX


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found, oldest first."""

    rows: list[JsonObject]
    skipped_count: int
    """Rows that will not be shown: there were more than can be."""
    until_ns: int
    """To here a client has been told everything that was there."""


class Tail:
    """Asks again and again. Not for several threads at once.

    Rows become readable a little after they were received, and not in that order. So every look
    asks for the newest rows since `floor`, and leaves out those that were shown. The floor moves
    only when a look is full: what lies below it then and was not shown is skipped, and counted.
    """

    def __init__(self, reader: TelemetryReader, request: TailRequest) -> None:
        """Read what is asked for.

        Raises:
            QuestionWrong: There is no such dataset, or it has no tail.
            SearchError: The search is wrong.
        """
        meaning = meaning_of(request.dataset)
        shown = _SHOWN.get(meaning.public_name)
        if shown is None:
            raise QuestionWrong(f"dataset must be one of: {', '.join(_SHOWN)}")
        self._reader = reader
        self._slugs = request.project_slugs
        self._columns = read_columns(list(shown), meaning)
        self._identity_count = len(meaning.identity)
        identity = tuple(Field(name) for name in meaning.identity)
        context = search_context(meaning, request.project_slugs, request.now_ns)
        searched = read_condition(request.search, context)
        self._where = searched if request.where is None else AllOf((request.where, searched))
        self._question = RowQuestion(
            dataset=meaning.dataset,
            project_ids=tuple(request.project_slugs),
            time_range=TimeRange(0, 1),
            selected=(_RECEIVED, *identity, *(column.selected for column in self._columns)),
            # What was received together stands as it happened.
            order=tuple(
                Order(each, is_descending=True)
                for each in (_RECEIVED, *_HAPPENED.get(meaning.public_name, ()), *identity)
            ),
            row_count_max=request.row_count_max,
        )
        start_ns = request.now_ns
        if request.resumed_ns is not None:
            start_ns = max(request.now_ns - RESUME_NS_MAX, min(start_ns, request.resumed_ns))
        self._floor_ns = start_ns // _MILLISECOND_NS * _MILLISECOND_NS
        self._until_ns = self._floor_ns
        self._seen: dict[tuple[JsonValue, ...], int] = {}
        """The rows that were shown, and when they were received."""

    def look(self, now_ns: int) -> Look:
        """Return what came since the last look.

        Raises:
            TelemetryError: The store could not answer.
        """
        time_range = TimeRange(max(0, now_ns - LATE_NS), now_ns + AHEAD_NS)
        question = replace(self._question, time_range=time_range, where=self._since(self._floor_ns))
        answer = self._reader.rows(question)
        found = [(int(str(values[0])), values[1:]) for values in zip(*answer.columns, strict=True)]
        skipped_count = 0
        if answer.was_cut:
            # The oldest moment on the page may have more rows than fit: they are skipped too.
            skipped_count = self._move_floor(found[-1][0] + _MILLISECOND_NS, found, time_range)
        rows: list[JsonObject] = []
        for received_ns, values in reversed(found):
            identity = values[: self._identity_count]
            if identity in self._seen:
                continue
            if received_ns >= self._floor_ns:
                self._seen[identity] = received_ns
            self._until_ns = max(self._until_ns, received_ns)
            rows.append(
                {
                    column.name: show(value, column.kind, self._slugs)
                    for column, value in zip(
                        self._columns, values[self._identity_count :], strict=True
                    )
                }
            )
        self._seen = {
            identity: received_ns
            for identity, received_ns in self._seen.items()
            if received_ns >= self._floor_ns
        }
        return Look(rows, skipped_count, self._until_ns)

    def _move_floor(
        self,
        floor_ns: int,
        found: list[tuple[int, tuple[JsonValue, ...]]],
        time_range: TimeRange,
    ) -> int:
        """Move the floor up and return how many rows below it are neither shown nor on the page."""
        below = Compare(_RECEIVED, Operator.LESS, (floor_ns,))
        count = Aggregate(Function.COUNT)
        answer = self._reader.rows(
            replace(
                self._question,
                time_range=time_range,
                selected=(count,),
                order=(),
                row_count_max=1,
                where=AllOf((self._since(self._floor_ns), below)),
            )
        )
        total = int(str(answer.columns[0][0]))
        known = {
            values[: self._identity_count]
            for received_ns, values in found
            if received_ns < floor_ns
        }
        known |= {each for each, received_ns in self._seen.items() if received_ns < floor_ns}
        self._floor_ns = floor_ns
        return max(0, total - len(known))

    def _since(self, floor_ns: int) -> Condition:
        return AllOf((Compare(_RECEIVED, Operator.GREATER_OR_EQUAL, (floor_ns,)), self._where))
