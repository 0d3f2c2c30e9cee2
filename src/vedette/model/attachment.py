"""Attachments of events: what is asked about them."""

from dataclasses import dataclass
from typing import Final

ATTACHMENTS_PER_ENVELOPE_MAX: Final = 30
ATTACHMENT_COUNT_MAX: Final = 1_000
"""In one answer."""

ATTACHMENT_COLUMNS: Final = (
    "project_id",
    "event_id",
    "id",
    "name",
    "content_type",
    "type",
    "size",
    "sha1",
    "time",
)
"""Ids and the hash as hex text, the time in nanoseconds."""


@dataclass(frozen=True, slots=True)
class AttachmentQuestion:
    """Which attachments of a project, newest first."""

    project_id: int
    event_id: str | None = None
    attachment_id: str | None = None
    hashes: tuple[str, ...] | None = None
    """Of the events of these groups."""
    received_before_ns: int | None = None
    row_count_max: int = 100
    row_offset: int = 0
