"""Source maps: which script a frame is in, and what its map says of a place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScriptQuestion:
    """Which script is meant: by its debug id, else by release, distribution and URL."""

    project_id: int
    release: str
    dist: str
    debug_id: str
    """Empty if it has none."""
    url: str


class Trouble(StrEnum):
    """Why a frame stays as it came, in the words of Sentry's clients."""

    NO_SOURCE = "js_no_source"
    INVALID_SOURCE = "js_invalid_source"
    """The source map cannot be used."""
    NO_COLUMN = "js_no_column"
    INVALID_LOCATION = "js_invalid_sourcemap_location"
    TOO_LARGE = "js_too_large"


@dataclass(frozen=True, slots=True)
class ScriptTrouble:
    """Why there is no map for a script."""

    kind: Trouble
    text: str
    """What was looked for, or what is wrong."""


@dataclass(frozen=True, slots=True)
class NothingUploaded:
    """The project has no maps at all: not worth a word."""


@dataclass(frozen=True, slots=True)
class OriginalPlace:
    """An original place. Line and column count from 0."""

    file: str | None
    """As the map calls it."""
    line: int
    column: int
    scope: str | None
    """The function; None if not known, empty if it has no name."""
    token: str | None
    """What stands at this place: of a call, what is called."""
    text: str | None
    before: Sequence[str]
    after: Sequence[str]
    is_ignored: bool
    """The map itself says that this is somebody else's code."""


class OpenMap(Protocol):
    """The map of one script."""

    @property
    def name(self) -> str:
        """How the map was called when it was uploaded."""
        ...

    def look_up(self, places: Sequence[tuple[int, int]]) -> Sequence[OriginalPlace | None]:
        """Return the original of each (line, column), counted from 0."""
        ...


FindMap = Callable[[ScriptQuestion], OpenMap | ScriptTrouble | NothingUploaded]
"""Returns the map of a script, or why there is none."""


def nothing_uploaded(_question: ScriptQuestion) -> NothingUploaded:
    """Know of no map: where nobody uploads anything."""
    return NothingUploaded()
