"""Values of rows counted plainly: what the engine must agree with."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.fakes.row_questions import holds
from tests.fakes.row_subjects import Place, Row, Value, subject_values
from vedette.model.question import Attribute, Field, ValueCountsQuestion
from vedette.model.value_counts import ValueCount, ValueCounts
from vedette.storage.telemetry.tables.catalogue import TABLES


def count_values(question: ValueCountsQuestion, rows: Iterable[Row], place: Place) -> ValueCounts:
    """Count the values of those rows that are of the question's projects and time."""
    sides: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = (Counter(), Counter())
    totals = [0, 0]
    for row in rows:
        if holds(question.where, row, place):
            side = 0 if holds(question.selection, row, place) else 1
            totals[side] += 1
            sides[side].update(_pairs(row, place))
    selected, rest = sides
    by_key: dict[str, list[ValueCount]] = {}
    for key, value in selected.keys() | rest.keys():
        count = ValueCount(key, value, selected[key, value], rest[key, value])
        is_asked = not question.keys or key in question.keys
        if is_asked and count.selected + count.rest >= question.occurrence_count_min:
            by_key.setdefault(key, []).append(count)
    counts = [
        each
        for _, values in sorted(by_key.items())
        for each in sorted(values, key=lambda one: (-one.selected, -one.rest, one.value))[
            : question.value_count_max
        ]
    ]
    return ValueCounts(totals[0], totals[1], totals[0], totals[1], tuple(counts))


def _pairs(row: Row, place: Place) -> Iterator[tuple[str, str]]:
    table = TABLES[place.dataset]
    fields = {table.fields[name].sql for name in table.facets}
    promoted: dict[str, str] = {}
    for name, column in (table.promoted or {}).items():
        if column.sql not in fields:
            promoted.setdefault(column.sql, name)
    for name in table.facets:
        yield from _pair(name, subject_values(row, Field(name), place)[0].value)
    for name in promoted.values():
        yield from _pair(name, subject_values(row, Attribute(name), place)[0].value)
    maps: list[tuple[str, Row]] = [("", row)]
    if table.has_resources:
        key = (row["project_id"], row["resource_id"])
        maps.append(("resource.", place.resources.get(key, {})))
    for prefix, source in maps:
        for map_name in ("tags", "attr_str", "attr_num", "attr_bool"):
            found = source.get(map_name, {})
            assert isinstance(found, dict)
            for name, value in found.items():
                yield from _pair(f"{prefix}{name}", value)


def _pair(name: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield name, str(value).lower()
    elif isinstance(value, int | float):
        yield name, f"{value:g}"
    elif value:
        yield name, value
