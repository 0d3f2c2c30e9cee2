"""Short forms of the questions that tests ask."""

from tests.fakes.telemetry_rows import DAY_NS, NOON_NS
from vedette.model.json_value import JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    Condition,
    Dataset,
    Field,
    Function,
    Order,
    RowQuestion,
    Selected,
    TimeRange,
)
from vedette.storage.telemetry.port import TelemetryReader

ALL_TIME = TimeRange(NOON_NS - 400 * DAY_NS, NOON_NS + 400 * DAY_NS)


def ask(
    reader: TelemetryReader,
    *selected: Selected,
    where: Condition = AllOf(()),  # noqa: B008 - a frozen noun
    dataset: Dataset = Dataset.SPANS,
    order: tuple[Order, ...] = (),
    project_ids: tuple[int, ...] = (1,),
) -> list[tuple[JsonValue, ...]]:
    """Return the rows of an answer as tuples, by default in the order of what is selected."""
    orders = order or tuple(Order(each) for each in selected)
    question = RowQuestion(dataset, project_ids, ALL_TIME, selected, where, orders)
    answer = reader.rows(question)
    return list(zip(*answer.columns, strict=True))


def count(
    reader: TelemetryReader,
    where: Condition = AllOf(()),  # noqa: B008 - a frozen noun
    dataset: Dataset = Dataset.SPANS,
    project_ids: tuple[int, ...] = (1,),
) -> JsonValue:
    """Return how many rows there are for which a condition holds."""
    rows = ask(
        reader, Aggregate(Function.COUNT), where=where, dataset=dataset, project_ids=project_ids
    )
    return rows[0][0]


def field_names(*names: str) -> tuple[Field, ...]:
    """Return fields by their names."""
    return tuple(Field(name) for name in names)
