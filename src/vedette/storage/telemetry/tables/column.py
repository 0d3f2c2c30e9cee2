"""What the question compiler must know of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from vedette.model.question import Dataset


class Kind(Enum):
    """What a column holds, and so how it is compared and shown."""

    TEXT = auto()
    ID = auto()
    """FixedString, shown as hex digits; all zeros: none."""
    TIME = auto()
    """DateTime64, shown as nanoseconds since 1970."""
    NUMBER = auto()
    OPTIONAL_NUMBER = auto()
    """Zero: not given."""
    BOOLEAN = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """An expression over the columns of a table."""

    sql: str
    kind: Kind = Kind.TEXT
    id_bytes: int = 0
    """How long an id is."""


@dataclass(frozen=True, slots=True)
class AttributeMaps:
    """The columns that hold attributes by type; None: the table has none of that type."""

    text: str
    number: str | None = None
    boolean: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetTable:
    """A table that questions can be put to."""

    dataset: Dataset
    name: str
    time: str
    bucket: str
    """How the sorting key coarsens time: an expression with `{time}` in it."""
    main_text: str
    """What free words are looked for in."""
    fields: Mapping[str, Column]
    attributes: AttributeMaps | None = None
    promoted: Mapping[str, Column] | None = None
    """Attributes that stand in columns of their own, by every name they arrive under."""
    identity: str = "project_id"
    """What tells rows apart, for samples."""
    sliced_by: str | None = None
    """An id of 16 random bytes in the sorting key: rows below a bound lie together."""
    facets: tuple[str, ...] = ()
    """Fields whose values are counted to compare rows: those that take few values."""
    weight: str | None = None
    """How many rows each row stands for, as a Float64; None: just itself."""
    has_resources: bool = False
    has_attribute_index: bool = False
    """Whether the switch `attribute_index` is about this table."""


def text(sql: str) -> Column:
    """Return a column of text."""
    return Column(sql)


def number(sql: str) -> Column:
    """Return a column of numbers."""
    return Column(sql, Kind.NUMBER)


def time(sql: str) -> Column:
    """Return a column of moments."""
    return Column(sql, Kind.TIME)


def boolean(sql: str) -> Column:
    """Return a column of true and false."""
    return Column(sql, Kind.BOOLEAN)


def trace_id(sql: str) -> Column:
    """Return a column of ids of 16 bytes."""
    return Column(sql, Kind.ID, 16)


def span_id(sql: str) -> Column:
    """Return a column of ids of 8 bytes."""
    return Column(sql, Kind.ID, 8)


def promoted_columns(
    names: Mapping[str, tuple[str, ...]], numbers: frozenset[str] = frozenset()
) -> dict[str, Column]:
    """Return the promoted columns by every attribute name that fills them."""
    return {
        name: Column(column, Kind.OPTIONAL_NUMBER if column in numbers else Kind.TEXT)
        for column, all_names in names.items()
        for name in all_names
    }


EVERYWHERE: dict[str, Column] = {
    "project.id": number("project_id"),
    "project": number("project_id"),
    "service": text("service"),
    "environment": text("environment"),
    "release": text("release"),
    "platform": text("platform"),
    "user.id": text("user_id"),
    "replayId": text("replay_id"),
    "trace": trace_id("trace_id"),
    "span_id": span_id("span_id"),
    "received": time("received_at"),
}
"""What all tables of telemetry have in common."""
