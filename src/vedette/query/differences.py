"""What differs between a selection of rows and the rest: values ranked by how much they tell."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import AllOf, Condition, TimeRange, ValueCountsQuestion
from vedette.model.value_counts import ValueCount, ValueCounts
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.query.refusal import QuestionWrong
from vedette.storage.telemetry.port import TelemetryReader

MEASURE: Final = (
    "G-test of independence on rows with and without the value, in the selection and in the rest"
    " (one degree of freedom, Bonferroni over all values compared, p < 0.01); ranked by effect size"
    " (phi, from -1 to 1; above 0: more frequent in the selection). Rows count once, whatever they"
    " stand for; values that too few rows have are not compared."
)
KEY_COUNT_DEFAULT: Final = 20
KEY_COUNT_MAX: Final = 100
_VALUES_OF_KEY: Final = 10
_CHANCE_MAX: Final = 0.01
_SUPPORT_SHARE: Final = 0.02
"""Of the smaller side: what fewer rows have explains little, whatever its significance."""
_SUPPORT_MIN: Final = 5
_SIDE_MIN: Final = 10
"""With fewer rows on either side nothing can be said."""


@dataclass(frozen=True, slots=True)
class DifferenceRequest:
    """Which rows are compared with which."""

    dataset: str
    selection: str
    """A search: these rows are compared with the others."""
    search: str
    """Which rows it is about at all."""
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    where: Condition | None = None
    key_count_max: int = KEY_COUNT_DEFAULT
    selected: Condition | None = None
    """Instead of a search: these rows."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a value is spread over the selection and the rest."""

    count: ValueCount
    selected_share: float
    rest_share: float
    effect: float
    """Phi: from -1 to 1."""
    g: float
    chance: float
    """That they differ so much although they are alike, corrected for so many comparisons."""

    @property
    def is_significant(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self.chance < _CHANCE_MAX


def ask_differences(reader: TelemetryReader, request: DifferenceRequest) -> JsonObject:
    """Compare a selection of rows with the rest.

    Raises:
        QuestionWrong: There is no selection.
        SearchError: A search is wrong.
        TelemetryError: The store could not answer.
    """
    meaning = meaning_of(request.dataset)
    context = search_context(meaning, request.project_slugs, request.now_ns)
    selected = request.selected
    if selected is None and not request.selection.strip():
        raise QuestionWrong("selection is required: a search for the rows to compare with others")
    searched = read_condition(request.search, context)
    counts = reader.value_counts(
        ValueCountsQuestion(
            dataset=meaning.dataset,
            project_ids=tuple(request.project_slugs),
            time_range=request.time_range,
            where=searched if request.where is None else AllOf((request.where, searched)),
            selection=selected or read_condition(request.selection, context),
            occurrence_count_min=_SUPPORT_MIN,
        )
    )
    return shape_differences(counts, key_count_max=request.key_count_max)


def shape_differences(counts: ValueCounts, *, key_count_max: int) -> JsonObject:
    """Return the keys whose values tell most, each with those values."""
    differences = compare(counts)
    by_key: dict[str, list[Difference]] = {}
    for each in sorted(differences, key=lambda one: (-abs(one.effect), one.count.key)):
        if each.is_significant:
            by_key.setdefault(each.count.key, []).append(each)
    return {
        "measure": MEASURE,
        "selected": {"total": counts.selected_total, "sampled": counts.selected_sampled},
        "rest": {"total": counts.rest_total, "sampled": counts.rest_sampled},
        "comparedValues": len(differences),
        "isCut": counts.was_cut or len(by_key) > key_count_max,
        "attributes": [
            {"key": key, "values": [_value(each) for each in values[:_VALUES_OF_KEY]]}
            for key, values in list(by_key.items())[:key_count_max]
        ],
    }


def compare(counts: ValueCounts) -> list[Difference]:
    """Return every value that enough rows have, compared; none if a side has too few rows."""
    selected, rest = counts.selected_sampled, counts.rest_sampled
    if min(selected, rest) < _SIDE_MIN:
        return []
    support = max(_SUPPORT_MIN, _SUPPORT_SHARE * min(selected, rest))
    compared = [each for each in counts.counts if max(each.selected, each.rest) >= support]
    return [_compare(each, selected, rest, comparison_count=len(compared)) for each in compared]


def _compare(count: ValueCount, selected: int, rest: int, *, comparison_count: int) -> Difference:
    cells = (count.selected, selected - count.selected, count.rest, rest - count.rest)
    total = selected + rest
    with_value = count.selected + count.rest
    expected = (
        selected * with_value / total,
        selected * (total - with_value) / total,
        rest * with_value / total,
        rest * (total - with_value) / total,
    )
    g = 2 * sum(
        cell * math.log(cell / wanted)
        for cell, wanted in zip(cells, expected, strict=True)
        if cell > 0
    )
    g = max(0.0, g)
    spread = math.sqrt(float(selected) * rest * with_value * (total - with_value))
    determinant = cells[0] * cells[3] - cells[1] * cells[2]
    # Of chi-square with one degree of freedom: the tail is that of a squared normal.
    chance = math.erfc(math.sqrt(g / 2))
    return Difference(
        count=count,
        selected_share=count.selected / selected,
        rest_share=count.rest / rest,
        effect=determinant / spread if spread else 0.0,
        g=g,
        chance=min(1.0, chance * comparison_count),
    )


def _value(difference: Difference) -> dict[str, JsonValue]:
    return {
        "value": difference.count.value,
        "selectedCount": difference.count.selected,
        "selectedShare": difference.selected_share,
        "restCount": difference.count.rest,
        "restShare": difference.rest_share,
        "effect": difference.effect,
        "g": difference.g,
        "chance": difference.chance,
    }
