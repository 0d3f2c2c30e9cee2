"""How often values occur, from the engine: a bounded sample of either side is taken apart."""

from typing import Final

from vedette.model.question import Field, ValueCountsQuestion
from vedette.model.value_counts import ValueCount, ValueCounts
from vedette.storage.telemetry.compile import time_conditions
from vedette.storage.telemetry.conditions import condition_sql
from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.engine import Engine, Parameter
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import resource_keys_of
from vedette.storage.telemetry.subjects import (
    RESOURCE_PREFIX,
    Scope,
    field_expression,
    subject_expressions,
)
from vedette.storage.telemetry.tables.catalogue import TABLES
from vedette.storage.telemetry.tables.column import AttributeMaps, Column, DatasetTable

SAMPLE_ROW_COUNT_MAX: Final = 200_000
ANSWER_ROW_COUNT_MAX: Final = 20_000
VALUE_COUNT_MAX: Final = 1_000
KEY_COUNT_MAX: Final = 100
_RESOURCE_MAPS: Final = AttributeMaps("attr_str", "attr_num", "attr_bool")
_SIDE_ROW_COUNT_MIN: Final = 2_000
"""So many rows of either side should lie in a slice, if there are so many."""
_ID_COUNT: Final = 2**128
_EVERY_ROW: Final = ""
"""The key under which rows themselves are counted; no attribute has an empty name."""


class ValueCountReader:
    """Answers what values occur how often."""

    def __init__(self, engine: Engine, *, has_attribute_index: bool) -> None:
        self._engine = engine
        self._has_attribute_index = has_attribute_index

    def value_counts(self, question: ValueCountsQuestion) -> ValueCounts:
        """Count values; see the port."""
        _check(question)
        if not question.project_ids:
            return ValueCounts(0, 0, 0, 0, ())
        table = TABLES[question.dataset]
        resource_keys = resource_keys_of(
            self._engine, table, question.project_ids, (question.where, question.selection)
        )
        compiled = _Compiled(question, table, resource_keys, uses_index=self._has_attribute_index)
        totals = decode_columns(self._engine.ask(compiled.totals(), compiled.values), 2)
        selected_total, rest_total = (_whole(column[0]) for column in totals)
        slice_count = _slice_count(question, table, selected_total, rest_total)
        compiled.sample(selected_total, rest_total, slice_count=slice_count)
        counts = self._counts(compiled, table)
        rows = next((each for each in counts if each.key == _EVERY_ROW), None)
        if slice_count > 1 and (rows is None or rows.selected + rows.rest == 0):
            # The ids are not random: some senders begin all of them with zeros.
            compiled.sample(selected_total, rest_total, slice_count=1)
            counts = self._counts(compiled, table)
            rows = next((each for each in counts if each.key == _EVERY_ROW), None)
        values = [each for each in counts if each.key != _EVERY_ROW]
        values.sort(key=lambda each: (each.key, -each.selected, -each.rest, each.value))
        return ValueCounts(
            selected_total=selected_total,
            rest_total=rest_total,
            selected_sampled=rows.selected if rows else 0,
            rest_sampled=rows.rest if rows else 0,
            counts=tuple(values[:ANSWER_ROW_COUNT_MAX]),
            was_cut=len(values) > ANSWER_ROW_COUNT_MAX,
        )

    def _counts(self, compiled: "_Compiled", table: DatasetTable) -> list[ValueCount]:
        answer = self._engine.ask(compiled.counts(), compiled.values)
        found = list(zip(*decode_columns(answer, 4), strict=True))
        if table.has_resources:
            answer = self._engine.ask(compiled.resource_counts(), compiled.values)
            found += zip(*decode_columns(answer, 4), strict=True)
        return [
            ValueCount(str(key), str(value), _whole(selected), _whole(rest))
            for key, value, selected, rest in found
        ]


class _Compiled:
    """The statements of one question, which share their values."""

    def __init__(
        self,
        question: ValueCountsQuestion,
        table: DatasetTable,
        resource_keys: frozenset[str],
        *,
        uses_index: bool,
    ) -> None:
        self._question, self._table = question, table
        parameters = self._parameters = Parameters()
        self._projects = parameters.add(question.project_ids, "Array(UInt32)")
        self._scope = Scope(table, parameters, self._projects, resource_keys, uses_index)
        where = " AND ".join(
            (
                f"project_id IN {self._projects}",
                *time_conditions(table, question.time_range, parameters),
                condition_sql(question.where, self._scope),
            )
        )
        self._from = f"FROM {table.name} WHERE {where}"
        self._is_selected = condition_sql(question.selection, self._scope)
        self._is_sampled = "true"

    @property
    def values(self) -> dict[str, Parameter]:
        return self._parameters.values

    def totals(self) -> str:
        return f"SELECT countIf({self._is_selected}), countIf(NOT {self._is_selected}) {self._from}"

    def sample(self, selected_total: int, rest_total: int, *, slice_count: int) -> None:
        """From now on look at one slice of the rows, and in it at every so-manyth row alone."""
        wanted = self._question.sample_row_count * slice_count
        selected_step, rest_step = -(-selected_total // wanted), -(-rest_total // wanted)
        conditions = []
        if slice_count > 1:
            bound = self._parameters.text(f"{_ID_COUNT // slice_count:032x}")
            conditions.append(f"{self._table.sliced_by} < toFixedString(unhex({bound}), 16)")
        if max(selected_step, rest_step) > 1:
            # By what the rows are called: the same question looks at the same rows again.
            chance = f"cityHash64({self._table.identity})"
            selected = self._parameters.add(max(1, selected_step), "UInt64")
            rest = self._parameters.add(max(1, rest_step), "UInt64")
            conditions.append(f"{chance} % if({self._is_selected}, {selected}, {rest}) = 0")
        self._is_sampled = " AND ".join(conditions) or "true"

    def counts(self) -> str:
        pairs = self._pairs()
        return self._grouped(
            f"SELECT arrayJoin({pairs}) AS pair, toBool({self._is_selected}) AS is_selected"
            f" {self._from} AND {self._is_sampled}",
            "countIf(is_selected)",
            "countIf(NOT is_selected)",
        )

    def resource_counts(self) -> str:
        """Return the same of attributes of resources: each is taken apart once."""
        by_resource = (
            f"SELECT resource_id, countIf({self._is_selected}) AS s,"
            f" countIf(NOT {self._is_selected}) AS r {self._from} AND {self._is_sampled}"
            " GROUP BY resource_id"
        )
        resources = (
            "SELECT resource_id, any(attr_str) AS attr_str, any(attr_num) AS attr_num,"
            f" any(attr_bool) AS attr_bool FROM resources WHERE project_id IN {self._projects}"
            " GROUP BY resource_id"
        )
        pairs = self._only_asked(_pairs_of_maps(_RESOURCE_MAPS, prefix=RESOURCE_PREFIX))
        return self._grouped(
            f"SELECT arrayJoin({pairs}) AS pair, s, r FROM ({by_resource}) AS rows"
            f" INNER JOIN ({resources}) AS resource USING (resource_id)",
            "sum(s)",
            "sum(r)",
        )

    def _pairs(self) -> str:
        fields = [
            f"({self._parameters.text(name)}, ifNull(toString({_shown(name, self._scope)}), ''))"
            for name in self._table.facets
        ]
        fields += [
            f"({self._parameters.text(name)},"
            f" ifNull(toString({field_expression(column).shown}), ''))"
            for name, column in _promoted(self._table).items()
        ]
        parts = [f"[{', '.join(fields)}]"]
        if self._table.attributes is not None:
            parts.append(_pairs_of_maps(self._table.attributes))
        joined = f"arrayFilter(pair -> pair.2 != '', arrayConcat({', '.join(parts)}))"
        return f"arrayConcat({self._only_asked(joined)}, [('{_EVERY_ROW}', '')])"

    def _only_asked(self, pairs: str) -> str:
        if not self._question.keys:
            return pairs
        keys = self._parameters.texts(self._question.keys)
        return f"arrayFilter(pair -> has({keys}, pair.1), {pairs})"

    def _grouped(self, source: str, selected: str, rest: str) -> str:
        occurrences = self._parameters.add(self._question.occurrence_count_min, "UInt64")
        values = self._parameters.add(self._question.value_count_max, "UInt64")
        return (
            f"SELECT pair.1 AS k, pair.2 AS v, {selected} AS selected_count, {rest} AS rest_count"
            f" FROM ({source}) GROUP BY k, v"
            f" HAVING selected_count + rest_count >= {occurrences} OR k = '{_EVERY_ROW}'"
            " ORDER BY k, selected_count DESC, rest_count DESC, v"
            f" LIMIT {values} BY k LIMIT {ANSWER_ROW_COUNT_MAX + 1}"
        )


def _slice_count(
    question: ValueCountsQuestion, table: DatasetTable, selected_total: int, rest_total: int
) -> int:
    """Return into how many slices the rows are cut; one means that all are gone through."""
    if table.sliced_by is None:
        return 1
    wanted = (selected_total + rest_total) // question.scan_row_count
    sides = [each for each in (selected_total, rest_total) if each]
    return max(1, min(wanted, min(sides, default=0) // _SIDE_ROW_COUNT_MIN))


def _pairs_of_maps(maps: AttributeMaps, *, prefix: str = "") -> str:
    key = f"concat('{prefix}', toString(k))"
    texts = f"arrayMap((k, v) -> ({key}, v), mapKeys({maps.text}), mapValues({maps.text}))"
    others = [
        f"arrayMap((k, v) -> ({key}, toString(v)), mapKeys({name}), mapValues({name}))"
        for name in (maps.number, maps.boolean)
        if name is not None
    ]
    return f"arrayConcat({', '.join([texts, *others])})" if others else texts


def _shown(field: str, scope: Scope) -> str:
    [expression] = subject_expressions(Field(field), scope)
    return expression.shown


def _promoted(table: DatasetTable) -> dict[str, Column]:
    """Return the promoted columns under the first of their names each, but those of fields."""
    fields = {table.fields[name].sql for name in table.facets}
    found: dict[str, tuple[str, Column]] = {}
    for name, column in (table.promoted or {}).items():
        if column.sql not in fields:
            found.setdefault(column.sql, (name, column))
    return dict(found.values())


def _check(question: ValueCountsQuestion) -> None:
    bounds = (
        ("rows in a sample", question.sample_row_count, 1, SAMPLE_ROW_COUNT_MAX),
        ("values of a key", question.value_count_max, 1, VALUE_COUNT_MAX),
        ("keys", len(question.keys), 0, KEY_COUNT_MAX),
    )
    for what, count, least, most in bounds:
        if not least <= count <= most:
            raise QuestionRefused(f"a question has {least} to {most} {what}, not {count}")


def _whole(value: object) -> int:
    assert isinstance(value, int | float)
    return int(value)
