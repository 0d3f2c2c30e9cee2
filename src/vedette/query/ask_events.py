"""Whole error events: one by its id, or a page of them."""

from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject
from vedette.model.question import Compare, Dataset, Field, Operator, RowQuestion, TimeRange
from vedette.model.source_map import FindMap, nothing_uploaded
from vedette.query.event_shape import EVENT_FIELDS, shape_event, shape_event_in_list
from vedette.query.events_table import TableRequest, meaning_of, table_question
from vedette.query.select import read_columns
from vedette.storage.telemetry.port import TelemetryReader

_AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead."""


def ask_event(
    reader: TelemetryReader,
    *,
    project_id: int,
    event_id: str,
    now_ns: int,
    find_map: FindMap = nothing_uploaded,
) -> JsonObject | None:
    """Return one event with everything about it; None if the project has none of this id.

    Frames of scripts whose map came after the event are brought back to their source.
    """
    answer = reader.rows(_one_event(project_id, event_id, now_ns, EVENT_FIELDS))
    return shape_event(answer.rows()[0], find_map) if answer.row_count else None


def has_event(reader: TelemetryReader, *, project_id: int, event_id: str, now_ns: int) -> bool:
    """Tell whether the project has an event of this id."""
    return reader.rows(_one_event(project_id, event_id, now_ns, ("id",))).row_count > 0


def _one_event(project_id: int, event_id: str, now_ns: int, fields: tuple[str, ...]) -> RowQuestion:
    return RowQuestion(
        dataset=Dataset.ERRORS,
        project_ids=(project_id,),
        time_range=TimeRange(0, now_ns + _AHEAD_NS),
        selected=tuple(Field(name) for name in fields),
        where=Compare(Field("id"), Operator.EQUAL, (event_id,)),
        row_count_max=1,
    )


def ask_event_list(reader: TelemetryReader, request: TableRequest) -> tuple[list[JsonObject], bool]:
    """Return a page of events, and whether there are more.

    Raises:
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    meaning = meaning_of(request.dataset)
    columns = read_columns(list(EVENT_FIELDS), meaning)
    answer = reader.rows(table_question(request, columns, meaning))
    return [shape_event_in_list(row) for row in answer.rows()], answer.was_cut
