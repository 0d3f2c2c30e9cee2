"""Rows or groups of a dataset: the question, and the table that answers it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    AllOf,
    Compare,
    Condition,
    Field,
    Operator,
    RowQuestion,
    Selected,
    TimeRange,
)
from vedette.query.condition import SearchContext, read_condition
from vedette.query.fields import MEANINGS, DatasetMeaning, Kind
from vedette.query.iso_time import iso_time
from vedette.query.paging import Page
from vedette.query.refusal import QuestionWrong
from vedette.query.select import Column, read_columns, read_order
from vedette.storage.telemetry.port import TelemetryReader

NANOSECONDS_PER_MILLISECOND: Final = 1_000_000
_META_TYPES: Final = {
    Kind.ID: "string",
    Kind.PROJECT_SLUG: "string",
    Kind.SECONDS: "number",
    Kind.NANOSECONDS: "integer",
    Kind.JSON: "string",
}


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What is asked for, in the asker's words."""

    dataset: str
    field_names: Sequence[str]
    search: str
    sorts: Sequence[str]
    project_slugs: Mapping[int, str]
    """The projects it is about."""
    time_range: TimeRange
    page: Page
    now_ns: int
    where: Condition | None = None
    """What must hold besides the search."""


@dataclass(frozen=True, slots=True)
class Table:
    """The answer."""

    rows: list[dict[str, JsonValue]]
    meta: JsonObject
    has_more: bool


def meaning_of(dataset: str) -> DatasetMeaning:
    """Return the names of a dataset.

    Raises:
        QuestionWrong: There is no such dataset.
    """
    meaning = MEANINGS.get(dataset)
    if meaning is None:
        known = ", ".join(MEANINGS)
        raise QuestionWrong(f"dataset must be one of: {known}")
    return meaning


def in_environments(names: Sequence[str]) -> Condition | None:
    """Return the condition that a row belongs to one of the environments; None for no names."""
    return Compare(Field("environment"), Operator.IN, tuple(names)) if names else None


def ask_table(reader: TelemetryReader, request: TableRequest) -> Table:
    """Ask for a page of rows or groups.

    Raises:
        QuestionWrong: A name is not understood.
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    meaning = meaning_of(request.dataset)
    columns = read_columns(list(request.field_names), meaning)
    question = table_question(request, columns, meaning)
    answer = reader.rows(question)
    return shape_table(answer, columns, request, question.selected)


def table_question(
    request: TableRequest, columns: tuple[Column, ...], meaning: DatasetMeaning
) -> RowQuestion:
    """Return the question for the store."""
    context = SearchContext(
        meaning,
        {slug: project_id for project_id, slug in request.project_slugs.items()},
        request.now_ns,
    )
    searched = read_condition(request.search, context)
    return RowQuestion(
        dataset=meaning.dataset,
        project_ids=tuple(request.project_slugs),
        time_range=request.time_range,
        # Two names may stand for one thing; it is asked for once.
        selected=tuple(dict.fromkeys(column.selected for column in columns)),
        where=searched if request.where is None else AllOf((request.where, searched)),
        order=read_order(list(request.sorts), columns, meaning),
        row_count_max=request.page.row_count_max,
        row_offset=request.page.offset,
    )


def shape_table(
    answer: Answer,
    columns: Sequence[Column],
    request: TableRequest,
    selected: Sequence[Selected],
) -> Table:
    """Return the answer under the names and in the units in which it was asked for."""
    place = {one: index for index, one in enumerate(selected)}
    shown: dict[str, Sequence[JsonValue]] = {}
    for column in columns:
        values = answer.columns[place[column.selected]]
        shown[column.name] = [show(value, column.kind, request.project_slugs) for value in values]
    return Table(
        rows=[
            dict(zip(shown, values, strict=True)) for values in zip(*shown.values(), strict=True)
        ],
        meta={
            "fields": {column.name: _meta_type(column, shown[column.name]) for column in columns},
            "units": {column.name: _unit(column) for column in columns},
            "dataset": request.dataset,
            "dataScanned": "full",
            "isMetricsData": False,
        },
        has_more=answer.was_cut,
    )


def show(value: JsonValue, kind: Kind | None, project_slugs: Mapping[int, str]) -> JsonValue:
    """Return a value of the store as it is shown."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        is_no_id = kind is Kind.ID and not value.strip("0")
        return None if is_no_id else value
    if isinstance(value, bool | int | float):
        return _show_number(value, kind, project_slugs)
    return value


def _show_number(value: float, kind: Kind | None, project_slugs: Mapping[int, str]) -> JsonValue:
    match kind:
        case Kind.DURATION:
            return value / NANOSECONDS_PER_MILLISECOND
        case Kind.TIME:
            return iso_time(int(value), offset="+00:00")
        case Kind.SECONDS:
            return value / NANOSECONDS_PER_SECOND
        case Kind.PROJECT_SLUG:
            return project_slugs.get(int(value), str(value))
        case Kind.BOOLEAN:
            return bool(value)
        case _:
            return value


def _meta_type(column: Column, values: Sequence[JsonValue]) -> str:
    if column.kind is not None:
        return _META_TYPES.get(column.kind, column.kind.value)
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool):
        return "boolean"
    return "number" if isinstance(first, int | float) else "string"


def _unit(column: Column) -> str | None:
    return "millisecond" if column.kind is Kind.DURATION else None
