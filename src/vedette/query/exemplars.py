"""The rows behind a figure: some that it speaks of, to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    Compare,
    Condition,
    Field,
    Function,
    Has,
    Operator,
    Order,
    RowQuestion,
    Subject,
    TimeRange,
)
from vedette.query.condition import read_condition, search_context
from vedette.query.equation import PREFIX
from vedette.query.events_table import meaning_of, show
from vedette.query.fields import DatasetMeaning
from vedette.query.refusal import QuestionWrong
from vedette.query.select import Column, read_column, read_columns
from vedette.storage.telemetry.port import TelemetryReader

EXEMPLAR_COUNT_DEFAULT: Final = 10
EXEMPLAR_COUNT_MAX: Final = 100
_SHOWN: Final = {
    "spans": (
        *("id", "trace", "project", "timestamp", "span.op", "span.description"),
        *("span.duration", "span.status", "transaction", "service"),
    ),
    "errors": ("id", "trace", "project", "timestamp", "title", "level", "transaction"),
    "logs": ("id", "trace", "project", "timestamp", "message", "severity", "service"),
    "tracemetrics": ("trace", "span_id", "project", "timestamp", "metric.name", "value"),
}
_NEAR: Final = "nearest to the figure, on both sides of it"
_NEWEST: Final = "newest that are counted"
_LARGEST: Final = "largest"
_SMALLEST: Final = "smallest"


@dataclass(frozen=True, slots=True)
class ExemplarRequest:
    """Which figure, and how many rows of it."""

    dataset: str
    axis: str
    search: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    row_count: int = EXEMPLAR_COUNT_DEFAULT
    where: Condition | None = None
    is_extrapolated: bool = True


def ask_exemplars(reader: TelemetryReader, request: ExemplarRequest) -> JsonObject:
    """Return the figure and rows behind it.

    Raises:
        QuestionWrong: It is no function, or it has no rows of its own.
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    meaning = meaning_of(request.dataset)
    length_ns = request.time_range.end_ns - request.time_range.start_ns
    context = search_context(meaning, request.project_slugs, request.now_ns, length_ns)
    axis = read_column(request.axis, meaning, context=context)
    if not isinstance(axis.selected, Aggregate) and axis.name.startswith(PREFIX):
        raise QuestionWrong("An equation has no rows of its own: ask for one of its functions.")
    searched = read_condition(request.search, context)
    wheres = [each for each in (request.where, searched) if each is not None]
    question = RowQuestion(
        dataset=meaning.dataset,
        project_ids=tuple(request.project_slugs),
        time_range=request.time_range,
        selected=(axis.selected,),
        where=AllOf(tuple(wheres)),
        is_extrapolated=request.is_extrapolated and meaning.is_sampled,
    )
    figure = next(iter(reader.rows(question).columns[0]), None)
    aggregate = _aggregate_of(axis)
    asking = _Asking(reader, question, meaning, request)
    rows, why = asking.rows(aggregate, figure)
    return {
        "yAxis": axis.name,
        "value": show(figure, axis.kind, request.project_slugs),
        "chosen": why,
        "data": rows,
    }


def _aggregate_of(axis: Column) -> Aggregate:
    """Return that whose rows are shown: of a ratio, what it is the share of."""
    measure: object = axis.selected
    while not isinstance(measure, Aggregate):
        measure = getattr(measure, "left", None)
        if measure is None:
            raise QuestionWrong(f"{axis.name} is no function")
    return measure


class _Asking:
    """Asks for rows of one figure."""

    def __init__(
        self,
        reader: TelemetryReader,
        figure_question: RowQuestion,
        meaning: DatasetMeaning,
        request: ExemplarRequest,
    ) -> None:
        self._reader = reader
        self._request = request
        self._columns = read_columns(list(_SHOWN[meaning.public_name]), meaning)
        self._question = replace(
            figure_question,
            selected=tuple(column.selected for column in self._columns),
            is_extrapolated=False,
        )

    def rows(self, aggregate: Aggregate, figure: JsonValue) -> tuple[list[JsonValue], str]:
        count = self._request.row_count
        conditions = [] if aggregate.where is None else [aggregate.where]
        subject = aggregate.subject
        if subject is not None:
            conditions.append(Has(subject))
        match aggregate.function:
            case Function.MAX | Function.SUM if subject is not None:
                return self._ask(conditions, Order(subject, is_descending=True), count), _LARGEST
            case Function.MIN if subject is not None:
                return self._ask(conditions, Order(subject), count), _SMALLEST
            case Function.PERCENTILE | Function.AVG if subject is not None:
                return self._near(conditions, subject, figure, count), _NEAR
            case _:
                newest = Order(Field("timestamp"), is_descending=True)
                return self._ask(conditions, newest, count), _NEWEST

    def _near(
        self, conditions: list[Condition], subject: Subject, figure: JsonValue, count: int
    ) -> list[JsonValue]:
        if not isinstance(figure, int | float):
            return []
        above = Compare(subject, Operator.GREATER_OR_EQUAL, (figure,))
        below = Compare(subject, Operator.LESS, (figure,))
        half = -(-count // 2)
        found = self._ask([*conditions, above], Order(subject), half)
        return found + self._ask(
            [*conditions, below], Order(subject, is_descending=True), count - half
        )

    def _ask(self, conditions: list[Condition], order: Order, count: int) -> list[JsonValue]:
        if not count:
            return []
        answer = self._reader.rows(
            replace(
                self._question,
                where=AllOf((self._question.where, *conditions)),
                order=(order,),
                row_count_max=count,
            )
        )
        return list(self._shaped(answer))

    def _shaped(self, answer: Answer) -> list[JsonValue]:
        slugs = self._request.project_slugs
        return [
            {
                column.name: show(value, column.kind, slugs)
                for column, value in zip(self._columns, values, strict=True)
            }
            for values in zip(*answer.columns, strict=True)
        ]
