"""What a detector saw in a trace: a fault, with the spans that show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vedette.model.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence of a fault. Occurrences with the same kind and shape are one issue."""

    kind: str
    """Which detector, such as `n_plus_one_query`."""
    project_id: int
    """Of the service whose code is at fault."""
    trace_id: str
    shape: tuple[str, ...]
    """What makes two occurrences the same fault: free of literals, ids, hosts and versions."""
    title: str
    culprit: str
    """The request or job in which it happened, by its route."""
    offender_span_ids: tuple[str, ...]
    """The spans that should not be, or not be so slow, in the order of time."""
    cause_span_ids: tuple[str, ...] = ()
    """What led to them: the query before, the parent."""
    time_ns: int = 0
    """When it began."""
    time_lost_ns: int = 0
    """What mending it would save in this trace, as far as can be told."""
    service: str = ""
    environment: str = ""
    release: str = ""
    platform: str = ""
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)
    """Named facts for people: the query, how often, how long."""
