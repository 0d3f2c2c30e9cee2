"""What time alone does to an issue: it stops being new, its archive's condition comes true."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vedette.issues.by_people import next_look
from vedette.issues.escalation import is_escalating
from vedette.issues.on_sighting import FRESH_NS
from vedette.issues.priority import priority_of
from vedette.model.issue import (
    ActivityType,
    ArchiveUntil,
    Decision,
    Issue,
    IssueStatus,
    NewActivity,
    Priority,
    Substatus,
)

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class WakeFacts:
    """What the events say that may decide; None: not asked for."""

    events_in_window: int | None = None
    users: int | None = None
    """Within the window, or since the issue was archived."""
    hours: tuple[int, ...] | None = None
    """Events of each hour up to now, oldest first."""


def on_waking(issue: Issue, facts: WakeFacts, *, now_ns: int) -> Decision:
    """Return what becomes of an issue whose `wake_ns` is over."""
    if issue.wake_ns is None or issue.wake_ns > now_ns:
        return Decision(issue)
    match issue.status:
        case IssueStatus.UNRESOLVED:
            return _no_longer_fresh(issue, now_ns)
        case IssueStatus.RESOLVED:
            return Decision(replace(issue, wake_ns=None))
        case IssueStatus.IGNORED:
            return _archive_over(issue, facts, now_ns)


def escalated(issue: Issue, *, now_ns: int, event_count: int) -> Decision:
    """Return the issue as one that happens much more often than it used to."""
    risen = replace(
        issue,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.ESCALATING,
        status_since_ns=now_ns,
        wake_ns=now_ns + FRESH_NS,
        archive=None,
        priority=issue.priority if issue.priority_is_set else Priority.HIGH,
    )
    data: dict[str, JsonValue] = {"event_count": event_count}
    return Decision(risen, (NewActivity(ActivityType.SET_ESCALATING, now_ns, data=data),))


def _no_longer_fresh(issue: Issue, now_ns: int) -> Decision:
    if issue.substatus in (None, Substatus.ONGOING):
        return Decision(replace(issue, substatus=Substatus.ONGOING, wake_ns=None))
    usual = priority_of(issue.level, is_unhandled=issue.is_unhandled)
    calm = replace(
        issue,
        substatus=Substatus.ONGOING,
        status_since_ns=now_ns,
        wake_ns=None,
        priority=issue.priority if issue.priority_is_set else usual,
    )
    data: dict[str, JsonValue] = {"after_days": FRESH_NS // (86_400 * 1_000_000_000)}
    return Decision(calm, (NewActivity(ActivityType.AUTO_SET_ONGOING, now_ns, data=data),))


def _archive_over(issue: Issue, facts: WakeFacts, now_ns: int) -> Decision:
    archive = issue.archive or ArchiveUntil()
    if archive.is_until_escalating and facts.hours and is_escalating(facts.hours):
        return escalated(issue, now_ns=now_ns, event_count=sum(facts.hours[-24:]))
    data = _condition_met(archive, facts, now_ns)
    if data is None:
        return Decision(replace(issue, wake_ns=next_look(archive, now_ns)))
    back = replace(
        issue,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.ONGOING,
        status_since_ns=now_ns,
        wake_ns=None,
        archive=None,
    )
    return Decision(back, (NewActivity(ActivityType.SET_UNRESOLVED, now_ns, data=data),))


def _condition_met(
    archive: ArchiveUntil, facts: WakeFacts, now_ns: int
) -> "dict[str, JsonValue] | None":
    """Return what the feed says of the condition that came true, None if none did."""
    if archive.until_ns is not None and archive.until_ns <= now_ns:
        return {"ignoreUntil": archive.until_ns}
    is_windowed = archive.event_count is not None and archive.event_window_min is not None
    if is_windowed and _reaches(facts.events_in_window, archive.event_count):
        return {"ignoreCount": archive.event_count, "ignoreWindow": archive.event_window_min}
    if _reaches(facts.users, archive.user_count):
        return {"ignoreUserCount": archive.user_count, "ignoreUserWindow": archive.user_window_min}
    return None


def _reaches(count: int | None, wanted: int | None) -> bool:
    return count is not None and wanted is not None and count >= wanted
