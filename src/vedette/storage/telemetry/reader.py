"""Answers to questions, from the engine."""

from collections.abc import Iterator
from typing import Final

from vedette.model.answer import Answer
from vedette.model.json_value import JsonValue
from vedette.model.question import (
    Attribute,
    Dataset,
    Field,
    OutcomeQuestion,
    RowQuestion,
    TimeRange,
)
from vedette.storage.telemetry.compile import Statement, asked_attributes, compile_rows
from vedette.storage.telemetry.decode import Columns, decode_column, decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.tables.catalogue import TABLES
from vedette.storage.telemetry.tables.column import DatasetTable

MINUTE_NS: Final = 60 * 1_000_000_000
WINDOWS_NS: Final = tuple(minutes * MINUTE_NS for minutes in (5, 20, 80, 320, 1_280))
"""A newest-first list looks here first, from the end of its range: most pages fill at once, and
looking in all of them in vain costs a third more than looking everywhere."""

OUTCOME_ROW_COUNT_MAX: Final = 100_000
_OUTCOME_COLUMNS: Final = {
    "project": "project_id",
    "key": "key_id",
    "category": "category",
    "outcome": "outcome",
    "reason": "reason",
}


class RowReader:
    """Rows, groups and sums."""

    def __init__(self, engine: Engine, *, has_attribute_index: bool) -> None:
        self._engine = engine
        self._has_attribute_index = has_attribute_index

    def rows(self, question: RowQuestion) -> Answer:
        """Answer rows or groups; see the port."""
        table = TABLES[question.dataset]
        asked = (question.selected, question.where, question.order, question.having)
        resource_keys = resource_keys_of(self._engine, table, question.project_ids, asked)
        answer = None
        for time_range in _windows(question, table):
            statement = compile_rows(
                question,
                table,
                resource_keys=resource_keys,
                uses_index=self._has_attribute_index,
                time_range=time_range,
            )
            if not question.project_ids:
                return Answer(statement.names, tuple(() for _ in statement.names))
            answer = self._answer(statement, question.row_count_max)
            if answer.was_cut:
                break
        assert answer is not None
        return answer

    def outcomes(self, question: OutcomeQuestion) -> Answer:
        """Answer sums of outcomes; see the port."""
        for name in question.group_by:
            if name not in _OUTCOME_COLUMNS:
                known = ", ".join(_OUTCOME_COLUMNS)
                raise QuestionRefused(f"outcomes cannot be grouped by {name!r}, only by {known}")
        parameters = Parameters()
        names = [*question.group_by]
        columns = [_OUTCOME_COLUMNS[name] for name in names]
        if question.interval_s is not None:
            if question.interval_s < 1:
                raise QuestionRefused("an interval has at least one second")
            step = parameters.add(question.interval_s, "UInt32")
            names.append("time")
            columns.append(f"intDiv(toUnixTimestamp(minute), {step}) * {step} * 1000000000")
        groups = ", ".join(f"c{place}" for place in range(len(columns)))
        selected = [f"{sql} AS c{place}" for place, sql in enumerate(columns)]
        projects = parameters.add(question.project_ids, "Array(UInt32)")
        start, end = question.time_range.start_ns, question.time_range.end_ns
        text = "\n".join(
            (
                f"SELECT {', '.join([*selected, 'sum(quantity) AS quantity'])}",
                f"FROM outcomes WHERE project_id IN {projects}",
                f"  AND minute >= {parameters.moment(start)} AND minute < {parameters.moment(end)}",
                f"GROUP BY {groups} ORDER BY {groups}" if groups else "HAVING count() > 0",
                f"LIMIT {OUTCOME_ROW_COUNT_MAX + 1}",
            )
        )
        statement = Statement(text, parameters.values, (*names, "quantity"), frozenset())
        if not question.project_ids:
            return Answer(statement.names, tuple(() for _ in statement.names))
        return self._answer(statement, OUTCOME_ROW_COUNT_MAX)

    def _answer(self, statement: Statement, row_count_max: int) -> Answer:
        answer = self._engine.ask(statement.text, statement.parameters, settings=_SETTINGS)
        columns = decode_columns(answer, len(statement.names))
        for place in statement.of_many_types:
            columns[place] = [_the_one(value) for value in columns[place]]
        return cut(statement.names, columns, row_count_max)


def resource_keys_of(
    engine: Engine, table: DatasetTable, project_ids: tuple[int, ...], asked: tuple[object, ...]
) -> frozenset[str]:
    """Return those of the attributes named in nouns of a question that only resources have."""
    keys = asked_attributes(asked) - (table.promoted or {}).keys()
    if not (keys and table.has_resources and project_ids):
        return frozenset()
    answer = engine.ask(
        _ONLY_OF_RESOURCES,
        {
            "projects": project_ids,
            "keys": tuple(sorted(keys)),
            "dataset": table.dataset.value,
        },
    )
    return frozenset(str(key) for key in decode_column(answer))


def cut(names: tuple[str, ...], columns: Columns, row_count_max: int) -> Answer:
    """Return an answer of at most so many rows that knows if there are more."""
    was_cut = len(columns[0]) > row_count_max
    return Answer(names, tuple(tuple(column[:row_count_max]) for column in columns), was_cut)


def _windows(question: RowQuestion, table: DatasetTable) -> Iterator[TimeRange]:
    """Return the time ranges to look in, each holding the one before it, the whole one last."""
    first = question.order[0] if question.order else None
    is_newest_first = (
        first is not None
        and first.is_descending
        and isinstance(first.selected, Field)
        and (field := table.fields.get(first.selected.name)) is not None
        and field.sql == table.time
        and all(isinstance(each, Field | Attribute) for each in question.selected)
    )
    whole = question.time_range
    if is_newest_first and question.dataset is not Dataset.OUTCOMES:
        for length_ns in WINDOWS_NS:
            if length_ns * 2 < whole.end_ns - whole.start_ns:
                yield TimeRange(whole.end_ns - length_ns, whole.end_ns)
    yield whole


def _the_one(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return next((each for each in value if each is not None), None)
    return value


_ONLY_OF_RESOURCES: Final = """\
SELECT DISTINCT key
FROM (
    SELECT arrayJoin(arrayConcat(mapKeys(attr_str), mapKeys(attr_num), mapKeys(attr_bool))) AS key
    FROM resources
    WHERE project_id IN {projects:Array(UInt32)}
)
WHERE key IN {keys:Array(String)} AND key NOT IN (
    SELECT key
    FROM attribute_keys
    WHERE project_id IN {projects:Array(UInt32)} AND dataset = {dataset:String}
        AND key IN {keys:Array(String)}
)"""

_SETTINGS: Final = (
    # Sort by few columns, then read the others for the page alone.
    "query_plan_optimize_lazy_materialization=1"
    ", query_plan_max_limit_for_lazy_materialization=1001"
    ", join_use_nulls=0"
)
