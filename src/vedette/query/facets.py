"""Which values the tags and attributes of rows have, most frequent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from vedette.model.json_value import JsonValue
from vedette.model.question import AllOf, Condition, TimeRange, ValueCountsQuestion
from vedette.model.value_counts import ValueCounts
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.storage.telemetry.port import TelemetryReader

VALUES_OF_KEY: Final = 10


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Of which rows, and which keys."""

    dataset: str
    search: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    keys: Sequence[str] = ()
    where: Condition | None = None


def ask_facets(reader: TelemetryReader, request: FacetRequest) -> list[JsonValue]:
    """Return the keys with their most frequent values, the key that most rows have first.

    Of many rows a sample is counted, and the counts are those of all rows by its shares.

    Raises:
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    meaning = meaning_of(request.dataset)
    context = search_context(meaning, request.project_slugs, request.now_ns)
    searched = read_condition(request.search, context)
    counts = reader.value_counts(
        ValueCountsQuestion(
            dataset=meaning.dataset,
            project_ids=tuple(request.project_slugs),
            time_range=request.time_range,
            where=searched if request.where is None else AllOf((request.where, searched)),
            keys=tuple(request.keys),
            value_count_max=VALUES_OF_KEY,
        )
    )
    return shape_facets(counts)


def shape_facets(counts: ValueCounts) -> list[JsonValue]:
    """Return the facets in Sentry's form."""
    factor = counts.selected_total / counts.selected_sampled if counts.selected_sampled else 1.0
    found = []
    for key, group in groupby(counts.counts, key=lambda each: each.key):
        values = [(each.value, round(each.selected * factor)) for each in group]
        found.append((sum(count for _, count in values), key, values))
    found.sort(key=lambda each: (-each[0], each[1]))
    return [
        {
            "key": key,
            "topValues": [
                {"name": value, "value": value, "count": count} for value, count in values
            ],
        }
        for _, key, values in found
    ]
