"""The telemetry port in memory, for tests of whoever stands above it and as the engine's judge."""

import datetime as dt
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from tests.fakes.memory_attachments import MemoryAttachments
from tests.fakes.memory_feedback import MemoryFeedback
from tests.fakes.memory_groups import MemoryGroups
from tests.fakes.memory_services import CallBook, MemoryServices
from tests.fakes.memory_sessions import MemorySessions
from tests.fakes.native_block import read_block
from tests.fakes.packed_spans import pack_spans
from tests.fakes.row_questions import answer_rows
from tests.fakes.row_subjects import FIELDS, Place, Row, row_time_ns, subject_values
from tests.fakes.row_values import count_values
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer, PackedTrace
from vedette.model.block import Block
from vedette.model.json_value import JsonValue
from vedette.model.promoted import SPAN_COLUMNS
from vedette.model.question import (
    Aggregate,
    AllOf,
    Attribute,
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    Dataset,
    Function,
    OutcomeQuestion,
    RowQuestion,
    SpanQuestion,
    TimeRange,
    TraceQuestion,
    ValueCountsQuestion,
)
from vedette.model.value_counts import ValueCounts
from vedette.storage.telemetry import attribute_reader, reader, trace_reader
from vedette.storage.telemetry.compile import asked_attributes, compile_rows
from vedette.storage.telemetry.detection_port import (
    JUDGED_COLUMNS,
    TRACE_COUNT_MAX,
    TracesQuestion,
)
from vedette.storage.telemetry.port import (
    TRACE_COLUMNS,
    QuestionRefused,
    StoreRefused,
    StoreUnreachable,
    TableSize,
)
from vedette.storage.telemetry.tables.catalogue import TABLES

if TYPE_CHECKING:
    from tests.fakes.row_subjects import Value

_DAY_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
_TABLES: Final = (
    "attachments",
    "attribute_keys",
    "errors",
    "feedback",
    "findings",
    "logs",
    "metrics",
    "outcomes",
    "resources",
)
_FROM_SPANS: Final = ("operations", "trace_links", "calls")
"""The fake answers from the spans themselves."""
_DATASET_OF_TABLE: Final = {dataset.value: dataset for dataset in Dataset}


class MemoryTelemetry(
    MemorySessions, MemoryGroups, MemoryServices, MemoryAttachments, MemoryFeedback
):
    """Rows by table, as the blocks said them."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, object]]] = {
            name: []
            for name in (*_TABLES, "error_groups", "sessions", "spans", "traces", *_FROM_SPANS)
        }
        self._tokens: set[tuple[str, str]] = set()
        self._calls = CallBook()
        self._is_closed = False

    # -- writing --------------------------------------------------------------------------------

    def put(self, blocks: Sequence[Block], *, token: str) -> None:
        """Store the blocks, each once per token and table."""
        self.check()
        for block in blocks:
            if block.table not in self._rows:
                raise StoreRefused(f"there is no table {block.table}")
            try:
                rows = read_block(block.body).rows()
            except Exception as error:
                raise StoreRefused(f"the block for {block.table} is broken: {error}") from error
            if (block.table, token) not in self._tokens:
                self._tokens.add((block.table, token))
                self._rows[block.table] += rows

    def known_event_ids(
        self, *, project_id: int, event_ids: Sequence[str], before_sequence: int
    ) -> frozenset[str]:
        """Return those of the ids that came in with an earlier journal record."""
        self.check()
        return frozenset(
            _bytes(row["event_id"]).hex()
            for row in self._rows["errors"]
            if row["project_id"] == project_id
            and _int(row["journal_sequence"]) < before_sequence
            and _bytes(row["event_id"]).hex() in event_ids
        )

    # -- reading --------------------------------------------------------------------------------

    def rows(self, question: RowQuestion) -> Answer:
        """Answer rows or groups."""
        self.check()
        table = TABLES[question.dataset]
        statement = compile_rows(question, table)  # refuses what the engine's adapter refuses
        if not question.project_ids:
            return Answer(statement.names, tuple(() for _ in statement.names))
        asked = (question.selected, question.where, question.order, question.having)
        place = self._place(question.dataset, question.project_ids, asked_attributes(asked))
        found = self._within(question.dataset, question.project_ids, question.time_range)
        return answer_rows(question, found, place)

    def trace(self, question: TraceQuestion) -> Answer:
        """Answer all spans of a trace."""
        self.check()
        if not 1 <= question.span_count_max <= trace_reader.SPAN_COUNT_MAX:
            raise QuestionRefused("too many spans")
        spans = self._spans_of(question.trace_id, question.project_ids)
        page = spans[: question.span_count_max]
        return Answer(
            TRACE_COLUMNS,
            tuple(tuple(_trace_value(span, name) for span in page) for name in TRACE_COLUMNS),
            was_cut=len(spans) > question.span_count_max,
        )

    def packed_trace(self, question: TraceQuestion) -> PackedTrace:
        """Answer all spans of a trace, packed."""
        self.check()
        if not 1 <= question.span_count_max <= trace_reader.SPAN_COUNT_MAX:
            raise QuestionRefused("too many spans")
        spans = self._spans_of(question.trace_id, question.project_ids)
        shown = spans[: question.span_count_max]
        if len(spans) == len(shown):
            return PackedTrace(pack_spans(shown))
        wanted = (each for each in spans if _bytes(each["span_id"]).hex() == question.span_id)
        return PackedTrace(pack_spans([*shown, *itertools.islice(wanted, 1)]), len(spans))

    def span(self, question: SpanQuestion) -> Answer:
        """Answer one span with everything that was kept of it."""
        self.check()
        names = trace_reader.SPAN_COLUMNS_SHOWN
        spans = [
            each
            for each in self._spans_of(question.trace_id, question.project_ids)
            if _bytes(each["span_id"]).hex() == question.span_id.lower()
        ]
        if not spans:
            return Answer(names, tuple(() for _ in names))
        span = spans[0]
        resource = self._resources().get((span["project_id"], span["resource_id"]), {})
        promoted = {
            shown[0]: span[column] for column, shown in SPAN_COLUMNS.items() if span[column]
        }
        values = [
            *(_trace_value(span, name) for name in TRACE_COLUMNS),
            {**_attributes(span), **promoted},
            _attributes(resource),
            _records(span, time="event_times", name="event_names", attributes="event_attributes"),
            _records(
                span,
                trace_id="link_trace_ids",
                span_id="link_span_ids",
                attributes="link_attributes",
            ),
        ]
        return Answer(names, tuple((value,) for value in values))  # type: ignore[misc] # what the block said is JSON

    def attribute_keys(self, question: AttributeKeysQuestion) -> Answer:
        """Answer the names of attributes."""
        self.check()
        _check_rows(question.row_count_max)
        counts: Counter[tuple[str, str]] = Counter()
        if question.dataset in (Dataset.ERRORS, Dataset.FINDINGS):
            for row in self._within(question.dataset, question.project_ids, question.time_range):
                counts.update((str(key), "string") for key in _dict(row["tags"]))
        elif question.dataset is not Dataset.OUTCOMES:
            counts = self._counted_keys(question)
        part = question.part_of_name.lower()
        found = [
            (key, name, count)
            for (key, name), count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
            if part in key.lower()
        ]
        return _cut(attribute_reader.KEY_COLUMNS, found, question.row_count_max)

    def attribute_values(self, question: AttributeValuesQuestion) -> Answer:
        """Answer the values of a field or attribute."""
        self.check()
        _check_rows(question.row_count_max)
        subject = question.subject
        if not isinstance(subject, Attribute) and subject.name not in FIELDS[question.dataset]:
            raise QuestionRefused(f"no field {subject.name!r}")
        place = Place(question.dataset, self._resources(), frozenset())
        counts: Counter[Value] = Counter()
        moments: dict[Value, list[int]] = {}
        for row in self._within(question.dataset, question.project_ids, question.time_range):
            typed = [each for each in subject_values(row, subject, place) if each.is_there]
            value = typed[0].value if typed else None
            if value is None or question.part_of_value.lower() not in str(value).lower():
                continue
            counts[value] += 1
            moments.setdefault(value, []).append(row_time_ns(question.dataset.value, row))
        found = [
            (value, count, min(moments[value]), max(moments[value]))
            for value, count in sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))
        ]
        return _cut(attribute_reader.VALUE_COLUMNS, found, question.row_count_max)

    def value_counts(self, question: ValueCountsQuestion) -> ValueCounts:
        """Count values."""
        self.check()
        compile_rows(_checked(question), TABLES[question.dataset])  # refuses what the engine's does
        keys = asked_attributes((question.where, question.selection))
        place = self._place(question.dataset, question.project_ids, keys)
        found = self._within(question.dataset, question.project_ids, question.time_range)
        return count_values(question, found, place)

    def outcomes(self, question: OutcomeQuestion) -> Answer:
        """Answer sums of outcomes."""
        self.check()
        columns = {"project": "project_id", "key": "key_id"}
        for name in question.group_by:
            if name not in ("project", "key", "category", "outcome", "reason"):
                raise QuestionRefused(f"outcomes cannot be grouped by {name!r}")
        if question.interval_s is not None and question.interval_s < 1:
            raise QuestionRefused("an interval has at least one second")
        sums: Counter[tuple[JsonValue, ...]] = Counter()
        for row in self._within(Dataset.OUTCOMES, question.project_ids, question.time_range):
            key = [row[columns.get(name, name)] for name in question.group_by]
            if question.interval_s is not None:
                step_ns = question.interval_s * NANOSECONDS_PER_SECOND
                key.append(row_time_ns("outcomes", row) // step_ns * step_ns)
            sums[tuple(key)] += _int(row["quantity"])  # type: ignore[arg-type] # texts and numbers
        names = (*question.group_by, *(["time"] if question.interval_s is not None else []))
        found = [(*key, quantity) for key, quantity in sorted(sums.items(), key=repr)]
        return _cut((*names, "quantity"), found, reader.OUTCOME_ROW_COUNT_MAX)

    def judged_traces(self, question: TracesQuestion) -> Answer:
        """Answer spans with their attributes, trace by trace."""
        self.check()
        if len(question.trace_ids) > TRACE_COUNT_MAX:
            raise QuestionRefused("too many traces")
        found: list[tuple[JsonValue, ...]] = []
        for trace_id in sorted(set(question.trace_ids)):
            spans = self._spans_of(trace_id, question.project_ids)
            for span in spans[: question.span_count_max]:
                promoted = {
                    shown[0]: span[column] for column, shown in SPAN_COLUMNS.items() if span[column]
                }
                shown = {**span, "attributes": {**_attributes(span), **promoted}}
                found.append(tuple(_judged_value(shown, name) for name in JUDGED_COLUMNS))
        columns = tuple(tuple(row[place] for row in found) for place in range(len(JUDGED_COLUMNS)))
        return Answer(JUDGED_COLUMNS, columns)

    # -- keeping --------------------------------------------------------------------------------

    def drop_older_than(self, *, table: str, before_ns: int) -> int:
        """Drop whole days (months of small tables) that end before this time."""
        old = [each for each in self._partitions() if each[1] == table and each[0] <= before_ns]
        for partition in old:
            self._drop(partition)
        return len(old)

    def drop_oldest(self) -> str | None:
        """Drop the oldest day of all tables but the newest of each."""
        partitions = sorted(self._partitions())
        newest = {table: end_ns for end_ns, table in partitions}
        older = [each for each in partitions if each[0] != newest[each[1]]]
        if not older:
            return None
        self._drop(older[0])
        end_ns, table = older[0]
        day = dt.datetime.fromtimestamp((end_ns - _DAY_NS) // NANOSECONDS_PER_SECOND, tz=dt.UTC)
        return f"{table} {day.date()}"

    def sizes(self) -> Sequence[TableSize]:
        """Tell what each table takes; a row counts as one byte and a table as one part."""
        self.check()
        return [
            TableSize(name, len(rows), len(rows), min(len(rows), 1))
            for name, rows in sorted(self._rows.items())
        ]

    def check(self) -> None:
        """Return if it is open."""
        if self._is_closed:
            raise StoreUnreachable("the telemetry is closed")

    def close(self) -> None:
        """Answer nothing more."""
        self._is_closed = True

    # -- inside ---------------------------------------------------------------------------------

    def _place(self, dataset: Dataset, project_ids: Sequence[int], keys: frozenset[str]) -> Place:
        resources = self._resources()
        in_resources = {
            key
            for (project_id, _), row in resources.items()
            if project_id in project_ids
            for key in _attributes(row)
        }
        counted = {
            row["key"]
            for row in self._rows["attribute_keys"]
            if row["project_id"] in project_ids and row["dataset"] == dataset.value
        }
        return Place(dataset, resources, frozenset((keys & in_resources) - counted))

    def _resources(self) -> dict[tuple[object, object], Row]:
        return {(row["project_id"], row["resource_id"]): row for row in self._rows["resources"]}

    def _within(
        self, dataset: Dataset, project_ids: Sequence[int], time_range: TimeRange
    ) -> list[Row]:
        return [
            row
            for row in self._rows[dataset.value]
            if row["project_id"] in project_ids
            and time_range.start_ns <= row_time_ns(dataset.value, row) < time_range.end_ns
        ]

    def _spans_of(self, trace_id: str, project_ids: Sequence[int]) -> list[Row]:
        if not re.fullmatch(r"[0-9a-f]{32}", trace_id.lower()):
            return []
        spans: dict[bytes, Row] = {}
        row: Row
        for row in self._rows["spans"]:
            is_asked = row["project_id"] in project_ids
            if is_asked and _bytes(row["trace_id"]).hex() == trace_id.lower():
                spans.setdefault(_bytes(row["span_id"]), row)
        return sorted(
            spans.values(), key=lambda each: (_int(each["start_time"]), _bytes(each["span_id"]))
        )

    def _counted_keys(self, question: AttributeKeysQuestion) -> Counter[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        for row in self._rows["attribute_keys"]:
            hour_ns = _int(row["hour"]) * NANOSECONDS_PER_SECOND
            is_in_time = (
                question.time_range.start_ns // (3_600 * NANOSECONDS_PER_SECOND)
                <= hour_ns // (3_600 * NANOSECONDS_PER_SECOND)
                and hour_ns < question.time_range.end_ns
            )
            is_own = row["project_id"] in question.project_ids
            if is_own and row["dataset"] == question.dataset.value and is_in_time:
                counts[(str(row["key"]), str(row["type"]))] += _int(row["count"])
        for (project_id, _), resource in self._resources().items():
            if project_id in question.project_ids:
                for column, name in (
                    ("attr_str", "string"),
                    ("attr_num", "number"),
                    ("attr_bool", "boolean"),
                ):
                    counts.update((str(key), name) for key in _dict(resource[column]))
        return counts

    def _partitions(self) -> set[tuple[int, str]]:
        """Return when each day of each table ends. Small tables have months: none in tests."""
        self.check()
        return {
            ((row_time_ns(table, row) // _DAY_NS + 1) * _DAY_NS, table)
            for table in (
                "spans",
                "errors",
                "findings",
                "logs",
                "metrics",
                "sessions",
                "attachments",
            )
            for row in self._rows[table]
        }

    def _drop(self, partition: tuple[int, str]) -> None:
        end_ns, table = partition
        self._rows[table] = [
            row
            for row in self._rows[table]
            if not end_ns - _DAY_NS <= row_time_ns(table, row) < end_ns
        ]


def _checked(question: ValueCountsQuestion) -> RowQuestion:
    where = AllOf((question.where, question.selection))
    selected = (Aggregate(Function.COUNT),)
    return RowQuestion(question.dataset, question.project_ids, question.time_range, selected, where)


def _trace_value(span: Row, name: str) -> JsonValue:
    value = span[name]
    return value.hex() if isinstance(value, bytes) else value  # type: ignore[return-value] # texts and numbers


def _judged_value(span: Row, name: str) -> JsonValue:
    value = _trace_value(span, name)
    return "" if name == "parent_span_id" and not str(value).strip("0") else value


def _attributes(row: Row) -> dict[str, object]:
    return {
        str(key): value
        for column in ("attr_str", "attr_num", "attr_bool")
        for key, value in _dict(row.get(column, {})).items()
    }


def _records(span: Row, **columns: str) -> list[dict[str, object]]:
    lists = [_list(span[column]) for column in columns.values()]
    return [
        {
            name: json.loads(value or "{}")
            if name == "attributes" and isinstance(value, str)
            else (value.hex() if isinstance(value, bytes) else value)
            for name, value in zip(columns, values, strict=True)
        }
        for values in zip(*lists, strict=True)
    ]


def _check_rows(row_count_max: int) -> None:
    if not 1 <= row_count_max <= attribute_reader.ROW_COUNT_MAX:
        raise QuestionRefused("too many rows")


def _cut(
    names: tuple[str, ...], rows: Iterable[tuple[JsonValue, ...]], row_count_max: int
) -> Answer:
    found = list(rows)
    page = found[:row_count_max]
    columns = tuple(tuple(row[place] for row in page) for place in range(len(names)))
    return Answer(names, columns, was_cut=len(found) > row_count_max)


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


def _dict(value: object) -> dict[object, object]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
