"""What may be asked of the tables: a tree of nouns, free of any engine's and any API's words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

ROW_COUNT_MAX: Final = 10_000
"""One page of an answer; whoever wants more follows the cursor."""
SERIES_ROW_COUNT_MAX: Final = 100_000
"""Steps of time times groups: what a chart can draw and a client can hold."""


class Dataset(StrEnum):
    """The tables that a question can be put to."""

    ERRORS = "errors"
    SPANS = "spans"
    LOGS = "logs"
    METRICS = "metrics"
    OUTCOMES = "outcomes"
    FINDINGS = "findings"
    """What detectors found, with the fields of errors."""


class ValueType(StrEnum):
    """The types of an attribute."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the dataset by its public name, such as `span.op`, `trace` or `message`."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something the sender added: an attribute of a span or log, a tag of an event."""

    key: str
    value_type: ValueType | None = None
    """None: whichever type it has."""


Subject: TypeAlias = Field | Attribute
Scalar: TypeAlias = str | int | float | bool


class Operator(StrEnum):
    """How a subject is held against values."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "in"
    NOT_IN = "not in"
    LIKE = "like"
    """The value is a pattern in which `*` stands for any text, whatever the case of letters.

    A backslash takes the meaning from a star or backslash that follows it.
    """
    NOT_LIKE = "not like"


@dataclass(frozen=True, slots=True)
class Compare:
    """The subject holds against the values. All operators but IN and NOT_IN take exactly one."""

    subject: Subject
    operator: Operator
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """The subject is there and not empty."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Contains:
    """The dataset's main text contains these words, whatever their case."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of them; none at all means everything."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them."""

    conditions: tuple["Condition", ...]


Condition: TypeAlias = Compare | Has | Contains | Not | AllOf | AnyOf


class Function(StrEnum):
    """The aggregates that can be asked for."""

    COUNT = "count"
    COUNT_UNIQUE = "count_unique"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    PERCENTILE = "percentile"
    """The smallest value below which lies the given share of the rows."""
    SAMPLE_COUNT = "sample_count"
    """Rows themselves, however many others each of them stands for."""
    WEIGHT_SQUARES = "weight_squares"
    """Sum of the squares of what each row stands for: tells how far an estimate may be off."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the rows of a group; counts need no subject."""

    function: Function
    subject: Subject | None = None
    share: float | None = None
    """From 0 to 1: of PERCENTILE."""
    where: Condition | None = None
    """Only rows of the group for which this holds."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number in a formula."""

    value: float


class Arithmetic(StrEnum):
    """What a formula does with its two sides. To divide by zero gives nothing."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic over aggregates of one group."""

    arithmetic: Arithmetic
    left: "Measure"
    right: "Measure"


Measure: TypeAlias = Aggregate | Constant | Formula


@dataclass(frozen=True, slots=True)
class TimeStep:
    """The start of the step of time in which a row lies, in nanoseconds."""

    length_ns: int
    origin_ns: int = 0
    """A moment at which a step starts, before all rows."""


@dataclass(frozen=True, slots=True)
class LogStep:
    """Which step of a logarithmic scale a number lies in.

    Step n holds numbers from 2 ** (n / per_doubling) on; numbers below 1 lie in step -1.
    """

    subject: Subject
    per_doubling: int = 1


@dataclass(frozen=True, slots=True)
class CompareMeasure:
    """Of groups: only those whose measure holds against the value."""

    measure: Measure
    operator: Operator
    value: float


Selected: TypeAlias = Field | Attribute | Aggregate | Formula | TimeStep | LogStep


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    selected: Selected
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `start_ns` (included) to `end_ns` (excluded)."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """Which rows, or which groups when an aggregate is selected.

    The projects are not part of the condition: every question is scoped by those that the asker
    may see, and no projects means no rows.
    """

    dataset: Dataset
    project_ids: tuple[int, ...]
    time_range: TimeRange
    selected: tuple[Selected, ...]
    where: Condition = AllOf(())
    order: tuple[Order, ...] = ()
    row_count_max: int = 100
    row_offset: int = 0
    having: tuple[CompareMeasure, ...] = ()
    """Which groups; all of these must hold."""
    is_extrapolated: bool = False
    """Whether aggregates speak for what was sampled away too: each row as many times as it says."""


def is_of_group(selected: Selected) -> bool:
    """Tell whether this is one value of many rows."""
    return isinstance(selected, Aggregate | Formula)


@dataclass(frozen=True, slots=True)
class AttributeKeysQuestion:
    """Which attribute names were seen, most frequent first."""

    dataset: Dataset
    project_ids: tuple[int, ...]
    time_range: TimeRange
    part_of_name: str = ""
    row_count_max: int = 1_000


@dataclass(frozen=True, slots=True)
class AttributeValuesQuestion:
    """Which values a field or attribute took, most frequent first."""

    dataset: Dataset
    project_ids: tuple[int, ...]
    time_range: TimeRange
    subject: Subject
    part_of_value: str = ""
    row_count_max: int = 100


@dataclass(frozen=True, slots=True)
class ValueCountsQuestion:
    """Which values the fields and attributes of rows have, and how often.

    Counted are the rows of a selection, and apart from them the rest. Of more rows than
    `sample_row_count` a sample is looked at, of either side by itself.
    """

    dataset: Dataset
    project_ids: tuple[int, ...]
    time_range: TimeRange
    where: Condition = AllOf(())
    """Which rows it is about."""
    selection: Condition = AllOf(())
    """Which of them are counted apart."""
    keys: tuple[str, ...] = ()
    """Only these fields and attributes; none: all."""
    occurrence_count_min: int = 1
    """Values that occur less often, in both sides of the sample together, are left out."""
    value_count_max: int = 50
    """Of each key, the most frequent first."""
    sample_row_count: int = 20_000
    scan_row_count: int = 400_000
    """About so many rows are gone through for the sample, where rows of one part lie together."""


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """All spans of one trace, oldest first."""

    trace_id: str
    project_ids: tuple[int, ...]
    span_count_max: int = 1_000_000
    span_id: str = ""
    """This one is wanted whatever else is cut; for the packed form."""


@dataclass(frozen=True, slots=True)
class SpanQuestion:
    """One span with everything that was kept of it."""

    trace_id: str
    span_id: str
    project_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OutcomeQuestion:
    """Sums of outcomes by the named columns (`project`, `category`, `outcome`, `reason`)."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    group_by: tuple[str, ...]
    interval_s: int | None = None
    """Also by time, in steps of this length."""
