"""Rows or groups of a dataset: the question, and the table that answers it."""

import math
from collections.abc import Callable, Mapping, Sequence
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
    is_of_group,
)
from vedette.query.accuracy import MEASURE, accuracy_of, companions
from vedette.query.condition import SearchContext, search_context
from vedette.query.fields import MEANINGS, DatasetMeaning, Kind
from vedette.query.iso_time import iso_time
from vedette.query.paging import Page
from vedette.query.refusal import QuestionWrong
from vedette.query.searched import read_searched
from vedette.query.select import Column, read_columns, read_order
from vedette.storage.telemetry.port import TelemetryReader

NANOSECONDS_PER_MILLISECOND: Final = 1_000_000
_META_TYPES: Final = {
    Kind.ID: "string",
    Kind.PROJECT_SLUG: "string",
    Kind.SECONDS: "number",
    Kind.NANOSECONDS: "integer",
    Kind.JSON: "string",
    Kind.RATE_PER_MINUTE: "rate",
}
_UNITS: Final = {
    Kind.DURATION: "millisecond",
    Kind.RATE_PER_SECOND: "1/second",
    Kind.RATE_PER_MINUTE: "1/minute",
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
    is_extrapolated: bool = False
    """Whether figures speak for what was sampled away too."""

    def context(self, meaning: DatasetMeaning) -> SearchContext:
        """Return what its search and its functions must know."""
        length_ns = min(self.time_range.end_ns, self.now_ns) - self.time_range.start_ns
        return search_context(
            meaning,
            self.project_slugs,
            self.now_ns,
            max(1, length_ns),
        )


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
    context = request.context(meaning)
    columns = read_columns(list(request.field_names), meaning, context=context)
    question = table_question(request, columns, meaning)
    answer = reader.rows(question)
    return shape_table(answer, columns, request, question.selected)


def table_question(
    request: TableRequest, columns: tuple[Column, ...], meaning: DatasetMeaning
) -> RowQuestion:
    """Return the question for the store."""
    searched = read_searched(request.search, request.context(meaning))
    selected = [column.selected for column in columns]
    is_extrapolated = request.is_extrapolated and meaning.is_sampled
    if is_extrapolated:
        selected += companions(selected)
    return RowQuestion(
        dataset=meaning.dataset,
        project_ids=tuple(request.project_slugs),
        time_range=request.time_range,
        # Two names may stand for one thing; it is asked for once.
        selected=tuple(dict.fromkeys(selected)),
        where=searched.where if request.where is None else AllOf((request.where, searched.where)),
        order=read_order(list(request.sorts), columns, meaning),
        row_count_max=request.page.row_count_max,
        row_offset=request.page.offset,
        having=searched.having,
        is_extrapolated=is_extrapolated,
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
    meta: dict[str, JsonValue] = {
        "fields": {column.name: meta_type(column, shown[column.name]) for column in columns},
        "units": {column.name: unit_of(column) for column in columns},
        "dataset": request.dataset,
        "dataScanned": "full",
        "isMetricsData": False,
    }
    if request.is_extrapolated and meaning_of(request.dataset).is_sampled:
        meta["accuracy"] = _accuracy(answer, columns, selected)
    return Table(
        rows=[
            dict(zip(shown, values, strict=True)) for values in zip(*shown.values(), strict=True)
        ],
        meta=meta,
        has_more=answer.was_cut,
    )


def _accuracy(
    answer: Answer, columns: Sequence[Column], selected: Sequence[Selected]
) -> JsonObject:
    """Return row by row, for each figure, how far it may be trusted."""
    figures = [column for column in columns if is_of_group(column.selected)]
    rows = [
        {
            column.name: accuracy_of(column.selected, dict(zip(selected, values, strict=True)))
            for column in figures
        }
        for values in zip(*answer.columns, strict=True)
    ]
    return {
        "confidence": [{name: one.confidence for name, one in row.items()} for row in rows],
        "sampleCount": [{name: one.sample_count for name, one in row.items()} for row in rows],
        "samplingRate": [{name: one.sample_rate for name, one in row.items()} for row in rows],
        "measure": MEASURE,
    }


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
    show_as = _SHOWN.get(kind)
    if kind is Kind.PROJECT_SLUG:
        return project_slugs.get(int(value), str(value))
    return value if show_as is None else show_as(value)


_SHOWN: Final[Mapping[Kind | None, Callable[[float], JsonValue]]] = {
    Kind.DURATION: lambda value: value / NANOSECONDS_PER_MILLISECOND,
    Kind.TIME: lambda value: iso_time(int(value), offset="+00:00"),
    Kind.SECONDS: lambda value: value / NANOSECONDS_PER_SECOND,
    Kind.BOOLEAN: bool,
    # Counts that speak for sampled rows are sums of fractions.
    Kind.INTEGER: round,
}


def meta_type(column: Column, values: Sequence[JsonValue]) -> str:
    """Return the type of a column as answers name it."""
    if column.kind is not None:
        return _META_TYPES.get(column.kind, column.kind.value)
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool):
        return "boolean"
    return "number" if isinstance(first, int | float) else "string"


def unit_of(column: Column) -> str | None:
    """Return the unit of a column's values; None for what has none."""
    return None if column.kind is None else _UNITS.get(column.kind)
