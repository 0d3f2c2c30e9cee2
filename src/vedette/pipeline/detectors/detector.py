"""What a detector is: settings, signs that make a trace worth reading, and a pure `find`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

from vedette.model.finding import Finding
from vedette.model.json_value import JsonValue
from vedette.model.question import Condition
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Settings = TypeVar("Settings", bound="DataclassInstance")
"""A frozen dataclass of numbers, switches and texts, each with its default."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What the stored spans of one trace in one service must show, before it is read at all.

    It may be too generous, never too strict: `find` decides.
    """

    where: Condition
    """Which spans count."""
    count_min: int
    """How many of them there must be."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a detector tells people."""

    what: str
    why: str
    how: str
    """How to mend it."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of fault."""

    kind: str
    category: str
    """`database`, `network`, `code`, `queue`, `web` or `time`."""
    title: str
    explanation: Explanation
    defaults: Mapping[str, JsonValue]
    """What a project may set, and what holds where it does not."""
    sign: Sign
    find: Callable[[TraceTree, Mapping[str, JsonValue]], Iterable[Finding]]
    """Given what the project has set."""


def make_detector(  # noqa: PLR0913 - the parts of a detector, each by name
    *,
    kind: str,
    category: str,
    title: str,
    explanation: Explanation,
    settings: Settings,
    sign: Sign,
    find: Callable[[TraceTree, Settings], Iterable[Finding]],
) -> Detector:
    """Return a detector whose `find` takes settings of a type of its own."""

    def find_with(tree: TraceTree, given: Mapping[str, JsonValue]) -> Iterable[Finding]:
        return find(tree, with_given(settings, given))

    defaults = {each.name: getattr(settings, each.name) for each in fields(settings)}
    return Detector(kind, category, title, explanation, defaults, sign, find_with)


def with_given(settings: Settings, given: Mapping[str, JsonValue]) -> Settings:
    """Return the settings with those values that were given and are of the right type."""
    changes: dict[str, JsonValue] = {}
    for each in fields(settings):
        default, value = getattr(settings, each.name), given.get(each.name)
        if isinstance(default, bool) or isinstance(value, bool):
            is_fitting = isinstance(default, bool) and isinstance(value, bool)
        elif isinstance(default, int | float):
            is_fitting = isinstance(value, int | float)
        else:
            is_fitting = isinstance(value, type(default))
        if is_fitting:
            changes[each.name] = value
    return replace(settings, **changes) if changes else settings
