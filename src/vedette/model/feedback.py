"""What people wrote about an app or an error: what is asked about it."""

from dataclasses import dataclass
from typing import Final

FEEDBACK_COUNT_MAX: Final = 1_000
"""In one answer."""

FEEDBACK_COLUMNS: Final = (
    "project_id",
    "id",
    "event_id",
    "time",
    "name",
    "email",
    "message",
    "url",
    "source",
    "replay_id",
)
"""Ids as hex text (32 zeros: about no event), the time in nanoseconds."""


@dataclass(frozen=True, slots=True)
class FeedbackQuestion:
    """Which feedback of some projects, newest first."""

    project_ids: tuple[int, ...]
    event_id: str | None = None
    """About this event."""
    hashes: tuple[str, ...] | None = None
    """About events of these groups."""
    row_count_max: int = 100
    row_offset: int = 0
