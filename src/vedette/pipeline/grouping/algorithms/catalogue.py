"""The versions of the algorithm by name."""

from collections.abc import Callable, Mapping
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.algorithms import vedette_2026_11
from vedette.pipeline.grouping.nouns import Grouping
from vedette.pipeline.grouping.rules import GroupingRules

Algorithm = Callable[[JsonObject, GroupingRules], Grouping]

ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    vedette_2026_11.VERSION: vedette_2026_11.group,
}
