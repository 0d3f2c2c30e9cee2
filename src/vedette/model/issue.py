"""An issue: what belongs to one group, and what people think of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vedette.model.json_value import JsonValue
from vedette.model.sighting import SightingDetails


class IssueStatus(StrEnum):
    """Where an issue stands, under the names that Sentry's clients use."""

    UNRESOLVED = "unresolved"
    RESOLVED = "resolved"
    IGNORED = "ignored"
    """Archived, as people call it."""


class Substatus(StrEnum):
    """The same, closer. A resolved issue has none."""

    NEW = "new"
    ONGOING = "ongoing"
    ESCALATING = "escalating"
    REGRESSED = "regressed"
    UNTIL_ESCALATING = "archived_until_escalating"
    UNTIL_CONDITION_MET = "archived_until_condition_met"
    FOREVER = "archived_forever"


class Priority(StrEnum):
    """How much it matters, as far as level and counts tell, or as somebody said."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ResolvedBy(StrEnum):
    """What a resolution holds for."""

    NOW = "now"
    """Whatever comes later is a regression."""
    IN_RELEASE = "in_release"
    """Whatever comes from this release or a later one is."""
    IN_NEXT_RELEASE = "in_next_release"
    """Whatever comes from a release later than this one is."""
    IN_COMMIT = "in_commit"
    """Like NOW, until a release brings the commit."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How an issue was resolved."""

    by: ResolvedBy = ResolvedBy.NOW
    release: str = ""
    commit: str = ""
    at_ns: int = 0
    user_id: int | None = None
    """None: not by a person."""


@dataclass(frozen=True, slots=True)
class ArchiveUntil:
    """When an archived issue comes back by itself; nothing set: never."""

    is_until_escalating: bool = False
    until_ns: int | None = None
    event_count: int | None = None
    event_window_min: int | None = None
    """Within so many minutes; None: since it was archived."""
    user_count: int | None = None
    user_window_min: int | None = None
    at_ns: int = 0
    times_seen: int = 0
    """How often it had been seen then."""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it is kept. `issue_id` and `number` are 0 until it is."""

    project_id: int
    kind: str
    category: str
    title: str
    culprit: str
    platform: str
    level: str
    logger: str
    details: SightingDetails
    is_unhandled: bool
    """Whether the newest event was."""
    first_seen_ns: int
    last_seen_ns: int
    times_seen: int
    """Every event ever, those whose time is over too."""
    first_release: str
    last_release: str
    status: IssueStatus
    substatus: Substatus | None
    status_since_ns: int
    """Since when it has this status and substatus."""
    wake_ns: int | None
    """When time alone may change it, at the earliest."""
    priority: Priority
    priority_is_set: bool
    """A person said so: counts change it no more."""
    assigned_to: int | None = None
    resolution: Resolution | None = None
    archive: ArchiveUntil | None = None
    regressed_in: str = ""
    """The release in which it last came back."""
    number: int = 0
    """Counts the issues of the project; the short id is made of it."""
    issue_id: int = 0


class ActivityType(StrEnum):
    """What can happen to an issue, under the names that Sentry's feed uses."""

    FIRST_SEEN = "first_seen"
    NOTE = "note"
    SET_RESOLVED = "set_resolved"
    SET_RESOLVED_IN_RELEASE = "set_resolved_in_release"
    SET_RESOLVED_IN_COMMIT = "set_resolved_in_commit"
    SET_RESOLVED_BY_AGE = "set_resolved_by_age"
    SET_UNRESOLVED = "set_unresolved"
    SET_IGNORED = "set_ignored"
    SET_REGRESSION = "set_regression"
    SET_ESCALATING = "set_escalating"
    AUTO_SET_ONGOING = "auto_set_ongoing"
    SET_PRIORITY = "set_priority"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    MERGE = "merge"
    UNMERGE_SOURCE = "unmerge_source"
    UNMERGE_DESTINATION = "unmerge_destination"
    MARK_REVIEWED = "mark_reviewed"


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An entry of the feed on its way."""

    type: ActivityType
    time_ns: int
    user_id: int | None = None
    """None: nobody, time or an event did it."""
    data: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """An entry of an issue's feed."""

    activity_id: int
    issue_id: int
    type: ActivityType
    time_ns: int
    user_id: int | None
    data: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an issue, and what the feed says of it."""

    issue: Issue
    activities: tuple[NewActivity, ...] = ()
