"""A span as detectors see it, whichever protocol brought it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Value: TypeAlias = str | int | float | bool

NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class SeenSpan:
    """One span. Texts that were not sent are empty."""

    span_id: str
    parent_id: str
    """"" for none."""
    project_id: int
    start_ns: int
    end_ns: int
    name: str
    op: str = ""
    description: str = ""
    kind: str = ""
    """`server`, `client`, `producer`, `consumer`, `internal` or `unspecified`."""
    is_failed: bool = False
    status_text: str = ""
    is_segment: bool = False
    segment_name: str = ""
    service: str = ""
    environment: str = ""
    release: str = ""
    platform: str = ""
    origin: str = ""
    scope_name: str = ""
    attributes: Mapping[str, Value] = field(default_factory=dict)

    @property
    def duration_ns(self) -> int:
        """How long it took; never below zero, whatever the clocks said."""
        return max(0, self.end_ns - self.start_ns)

    def text(self, *names: str) -> str:
        """Return the first of these attributes that is there, as text; "" if none is."""
        for name in names:
            value = self.attributes.get(name)
            if value is not None and value != "":
                return value if isinstance(value, str) else str(value)
        return ""

    def number(self, *names: str) -> float | None:
        """Return the first of these attributes that is a number; None if none is."""
        for name in names:
            value = self.attributes.get(name)
            if isinstance(value, bool) or value is None:
                continue
            if isinstance(value, int | float):
                return float(value)
            try:
                return float(value)
            except ValueError:
                continue
        return None
