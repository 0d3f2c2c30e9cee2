"""What may be asked of services: what they do, whom they call, and which traces belong together."""

from dataclasses import dataclass
from enum import StrEnum

from vedette.model.question import TimeRange


class OperationGroup(StrEnum):
    """What the figures of operations can be grouped by."""

    SERVICE = "service"
    ENVIRONMENT = "environment"
    KIND = "kind"
    OP = "op"
    OPERATION = "operation"
    """The query of a database without its values; else the name, numbers and ids being a star."""
    TARGET = "target"
    """The database system or the queue."""


@dataclass(frozen=True, slots=True)
class OperationsQuestion:
    """Counts, failures and durations, from what is kept per minute."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    """Widened to whole minutes."""
    group_by: tuple[OperationGroup, ...] = (OperationGroup.SERVICE,)
    service: str | None = None
    environments: tuple[str, ...] = ()
    """None: all of them."""
    op_prefix: str = ""
    has_target: bool = False
    is_entry: bool | None = True
    """Only where services are entered, or only elsewhere; None: both."""
    interval_s: int | None = None
    """Also by time, in steps of this length: whole minutes."""
    row_count_max: int = 100


@dataclass(frozen=True, slots=True)
class CallsQuestion:
    """Who calls whom, how often, how well."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    """Widened to whole minutes."""
    environments: tuple[str, ...] = ()
    row_count_max: int = 1_000


@dataclass(frozen=True, slots=True)
class LinksQuestion:
    """The links of some traces, in both directions."""

    trace_ids: tuple[str, ...]
    project_ids: tuple[int, ...]
    row_count_max: int = 1_000


@dataclass(frozen=True, slots=True)
class TraceSummariesQuestion:
    """What lists of traces show of each."""

    trace_ids: tuple[str, ...]
    project_ids: tuple[int, ...]
