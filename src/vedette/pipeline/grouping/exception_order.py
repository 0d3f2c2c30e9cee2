"""Which exceptions of a chain or group count, in which order, and which one is the main one."""

from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.json_reading import object_of, text_of

EXCEPTION_COUNT_MAX: Final = 50
"""The normaliser keeps no more."""

_REACT_RECOVERED: Final = (
    "There was an error during concurrent rendering but React was able to recover"
)


@dataclass(frozen=True, slots=True)
class ExceptionGroupTree:
    """An exception that holds others that happened beside each other."""

    root: int
    members: tuple[tuple[int, ...], ...]
    """Each with its own first causes, by place in `exception.values`."""


def read_group(values: list[JsonObject]) -> ExceptionGroupTree | None:
    """Return the tree of an exception group; None if it is a plain chain or its ids are no tree."""
    mechanisms = [object_of(value.get("mechanism")) for value in values]
    if not any(each.get("is_exception_group") is True for each in mechanisms):
        return None
    by_id: dict[int, int] = {}
    for index, mechanism in enumerate(mechanisms):
        number = mechanism.get("exception_id")
        if type(number) is not int or number in by_id:
            return None
        by_id[number] = index
    if 0 not in by_id:
        return None
    children: dict[int, list[int]] = {}
    for number, index in sorted(by_id.items()):
        parent = mechanisms[index].get("parent_id")
        if number == 0:
            continue
        if type(parent) is not int or parent not in by_id:
            return None
        children.setdefault(by_id[parent], []).append(index)
    root = by_id[0]
    is_group = [each.get("is_exception_group") is True for each in mechanisms]
    members = _members(root, children, is_group)
    return ExceptionGroupTree(root, members) if members and is_group[root] else None


def _members(
    root: int, children: dict[int, list[int]], is_group: list[bool]
) -> tuple[tuple[int, ...], ...]:
    """Return the topmost exceptions below the root that are no groups themselves."""
    found: list[tuple[int, ...]] = []
    seen = {root}
    waiting = list(reversed(children.get(root, [])))
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        if is_group[index]:
            waiting += reversed(children.get(index, []))
            continue
        path = [index]
        while (below := children.get(path[-1])) and below[0] not in seen:
            seen.add(below[0])
            path.append(below[0])
        found.append(tuple(path))
    return tuple(found)


def carried_only(values: list[JsonObject], family: Family) -> list[bool]:
    """Return for each exception of a chain whether it only carries its cause.

    The cause stands before it; an exception without one carries nothing.
    """
    wraps = [text_of(value.get("type")) in family.wrappers for value in values]
    first = next((index for index, each in enumerate(wraps) if not each), None)
    if first is None:
        return [False] * len(values)
    return [each and index > first for index, each in enumerate(wraps)]


def main_exception(values: list[JsonObject], wraps: list[bool]) -> int:
    """Return which exception of a chain gives the issue its name."""
    index = len(values) - 1
    while index > 0 and wraps[index]:
        index -= 1
    is_recovery = text_of(values[index].get("value")).startswith(_REACT_RECOVERED)
    return index - 1 if is_recovery and index > 0 else index
