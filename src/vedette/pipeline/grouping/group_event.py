"""Decide which issue an event belongs to: the one entrance of this room."""

from collections.abc import Mapping
from dataclasses import replace

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.algorithms.catalogue import ALGORITHMS, Algorithm
from vedette.pipeline.grouping.nouns import Grouping
from vedette.pipeline.grouping.rules import GroupingRules


def group_event(
    event: JsonObject,
    rules: GroupingRules,
    *,
    algorithms: Mapping[str, Algorithm] = ALGORITHMS,
) -> Grouping:
    """Return where a normalised event belongs, what it is called, and why.

    While a project is in the window after an upgrade its `former_versions` add their hashes
    behind the new ones: the issue is found by the old hash, and gets the new one. A former version
    that we no longer have adds nothing.
    """
    grouping = algorithms[rules.version](event, rules)
    known = {each.value: each for each in grouping.hashes}
    for version in rules.former_versions:
        algorithm = algorithms.get(version)
        if algorithm is not None and version != rules.version:
            for former in algorithm(event, rules).hashes:
                known.setdefault(former.value, former)
    if len(known) == len(grouping.hashes):
        return grouping
    return replace(grouping, hashes=tuple(known.values()))
