"""Names and values of attributes, from small tables and bounded samples."""

from typing import Final

from vedette.model.answer import Answer
from vedette.model.question import (
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    Dataset,
    TimeRange,
)
from vedette.storage.telemetry.comparisons import like_pattern
from vedette.storage.telemetry.compile import time_conditions
from vedette.storage.telemetry.decode import Columns, decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import WINDOWS_NS, cut
from vedette.storage.telemetry.subjects import Scope, subject_expressions
from vedette.storage.telemetry.tables.catalogue import TABLES
from vedette.storage.telemetry.tables.column import DatasetTable, Kind

ROW_COUNT_MAX: Final = 10_000
SAMPLE_ROW_COUNT_MAX: Final = 200_000
"""Rows of which values are counted: enough for the frequent ones, some ten milliseconds."""

SAMPLE_ROW_COUNT_ENOUGH: Final = 20_000
"""With so many rows a sample of recent time says enough; with fewer it takes in older time."""

KEY_COLUMNS: Final = ("key", "type", "count")
VALUE_COLUMNS: Final = ("value", "count", "first_seen", "last_seen")
_TYPE_OF_MAP: Final = {"attr_str": "string", "attr_num": "number", "attr_bool": "boolean"}


class AttributeReader:
    """Answers about attributes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def attribute_keys(self, question: AttributeKeysQuestion) -> Answer:
        """Answer the names of attributes; see the port."""
        _check(question.row_count_max)
        table = TABLES[question.dataset]
        if not question.project_ids or table.attributes is None:
            return Answer(KEY_COLUMNS, ((), (), ()))
        parameters = Parameters()
        source = (
            _tags_sample(table, question, parameters)
            if question.dataset in (Dataset.ERRORS, Dataset.FINDINGS)
            else _counted_keys(question, parameters)
        )
        pattern = parameters.text(f"%{like_pattern(_literal(question.part_of_name))}%")
        text = "\n".join(
            (
                "SELECT key, toString(type), sum(count) AS total",
                f"FROM ({source})",
                f"WHERE key ILIKE {pattern}",
                "GROUP BY key, type ORDER BY total DESC, key, type",
                f"LIMIT {question.row_count_max + 1}",
            )
        )
        columns = decode_columns(self._engine.ask(text, parameters.values), len(KEY_COLUMNS))
        return cut(KEY_COLUMNS, columns, question.row_count_max)

    def attribute_values(self, question: AttributeValuesQuestion) -> Answer:
        """Answer the values of a field or attribute in a sample of recent rows; see the port."""
        _check(question.row_count_max)
        if not question.project_ids:
            return Answer(VALUE_COLUMNS, ((), (), (), ()))
        columns: Columns = [[] for _ in VALUE_COLUMNS]
        for time_range in _recent_first(question.time_range):
            columns = self._values(question, time_range)
            if sum(count for count in columns[1] if isinstance(count, int)) >= (
                SAMPLE_ROW_COUNT_ENOUGH
            ):
                break
        return cut(VALUE_COLUMNS, columns, question.row_count_max)

    def _values(self, question: AttributeValuesQuestion, time_range: TimeRange) -> Columns:
        table, parameters = TABLES[question.dataset], Parameters()
        projects = parameters.add(question.project_ids, "Array(UInt32)")
        expressions = subject_expressions(question.subject, Scope(table, parameters, projects))
        if question.part_of_value:
            texts = [each for each in expressions if each.kind in (Kind.TEXT, Kind.ID)]
            expressions = tuple(texts) or expressions
        there = " OR ".join(each.there for each in expressions)
        shown = [each.shown for each in expressions]
        selected = shown[0] if len(shown) == 1 else f"tuple({', '.join(shown)})"
        pattern = parameters.text(f"%{like_pattern(_literal(question.part_of_value))}%")
        is_part = f"toString(taken) ILIKE {pattern}" if question.part_of_value else "true"
        text = "\n".join(
            (
                "SELECT taken, count() AS total, min(moment), max(moment) FROM (",
                f"SELECT {selected} AS taken, {_moment(table)} AS moment",
                f"FROM {table.name} WHERE project_id IN {projects}",
                *(f"  AND {each}" for each in time_conditions(table, time_range, parameters)),
                f"  AND ({there})",
                f"LIMIT {SAMPLE_ROW_COUNT_MAX})",
                f"WHERE {is_part}",
                "GROUP BY taken ORDER BY total DESC, taken",
                f"LIMIT {question.row_count_max + 1}",
            )
        )
        columns = decode_columns(self._engine.ask(text, parameters.values), len(VALUE_COLUMNS))
        if len(expressions) > 1:
            columns[0] = [
                next((part for part in value if part is not None), None)
                if isinstance(value, list)
                else value
                for value in columns[0]
            ]
        return columns


def _moment(table: DatasetTable) -> str:
    return f"toUnixTimestamp64Nano(toDateTime64({table.time}, 9, 'UTC'))"


def _check(row_count_max: int) -> None:
    if not 1 <= row_count_max <= ROW_COUNT_MAX:
        raise QuestionRefused(f"a question has 1 to {ROW_COUNT_MAX} rows, not {row_count_max}")


def _literal(text: str) -> str:
    """Return a text as a pattern that means nothing but it."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def _recent_first(whole: TimeRange) -> list[TimeRange]:
    ranges = [
        TimeRange(whole.end_ns - length_ns, whole.end_ns)
        for length_ns in WINDOWS_NS[1:]
        if length_ns * 2 < whole.end_ns - whole.start_ns
    ]
    return [*ranges, whole]


def _counted_keys(question: AttributeKeysQuestion, parameters: Parameters) -> str:
    projects = parameters.add(question.project_ids, "Array(UInt32)")
    dataset = parameters.text(question.dataset.value)
    start = parameters.moment(question.time_range.start_ns)
    end = parameters.moment(question.time_range.end_ns)
    resources = " UNION ALL ".join(
        f"SELECT arrayJoin(mapKeys({column})) AS key, '{name}' AS type, 1 AS count"
        f" FROM resources WHERE project_id IN {projects}"
        for column, name in _TYPE_OF_MAP.items()
    )
    return (
        "SELECT key, toString(attribute_keys.type) AS type, count FROM attribute_keys"
        f" WHERE project_id IN {projects} AND dataset = {dataset}"
        f" AND hour >= toStartOfHour({start}) AND hour < {end}"
        f" UNION ALL {resources}"
    )


def _tags_sample(
    table: DatasetTable, question: AttributeKeysQuestion, parameters: Parameters
) -> str:
    assert table.attributes is not None
    projects = parameters.add(question.project_ids, "Array(UInt32)")
    conditions = " AND ".join(time_conditions(table, question.time_range, parameters))
    return (
        f"SELECT arrayJoin(keys) AS key, 'string' AS type, 1 AS count FROM ("
        f"SELECT mapKeys({table.attributes.text}) AS keys FROM {table.name}"
        f" WHERE project_id IN {projects} AND {conditions}"
        f" ORDER BY {table.time} DESC LIMIT {SAMPLE_ROW_COUNT_ENOUGH})"
    )
