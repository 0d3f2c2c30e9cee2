"""What people do with an issue: resolve it, archive it, give it to somebody, say how it matters."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.issues.priority import priority_of
from vedette.model.issue import (
    ActivityType,
    ArchiveUntil,
    Decision,
    Issue,
    IssueStatus,
    NewActivity,
    Priority,
    Resolution,
    ResolvedBy,
    Substatus,
)

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue

LOOK_AGAIN_NS: Final = 60 * NANOSECONDS_PER_SECOND
"""How soon conditions that need the events to be counted are looked at again."""

ESCALATION_LOOK_NS: Final = 600 * NANOSECONDS_PER_SECOND
"""The same for escalation: it is measured by the day, and thousands may wait for it."""

_RESOLVED_ACTIVITIES: Final = {
    ResolvedBy.NOW: ActivityType.SET_RESOLVED,
    ResolvedBy.IN_RELEASE: ActivityType.SET_RESOLVED_IN_RELEASE,
    ResolvedBy.IN_NEXT_RELEASE: ActivityType.SET_RESOLVED_IN_RELEASE,
    ResolvedBy.IN_COMMIT: ActivityType.SET_RESOLVED_IN_COMMIT,
}


def resolved(issue: Issue, resolution: Resolution) -> Decision:
    """Return the issue as resolved; what does not hold is found out by `on_sighting`.

    For IN_NEXT_RELEASE `resolution.release` is the release that is current now: the newest that
    the issue's project has.
    """
    if issue.status is IssueStatus.RESOLVED and _is_same(issue.resolution, resolution):
        return Decision(issue)
    changed = replace(
        issue,
        status=IssueStatus.RESOLVED,
        substatus=None,
        status_since_ns=resolution.at_ns,
        wake_ns=None,
        resolution=resolution,
        archive=None,
    )
    data: dict[str, JsonValue] = {}
    match resolution.by:
        case ResolvedBy.IN_RELEASE:
            data["version"] = resolution.release
        case ResolvedBy.IN_NEXT_RELEASE:
            # Sentry's feed has no version yet for what is to come.
            data |= {"version": "", "current_release_version": resolution.release}
        case ResolvedBy.IN_COMMIT:
            data["commit"] = resolution.commit
        case ResolvedBy.NOW:
            pass
    entry = NewActivity(
        _RESOLVED_ACTIVITIES[resolution.by], resolution.at_ns, resolution.user_id, data
    )
    return Decision(changed, (entry,))


def unresolved(issue: Issue, *, user_id: int | None, now_ns: int) -> Decision:
    """Return the issue as one that is to be looked at."""
    if issue.status is IssueStatus.UNRESOLVED:
        return Decision(issue)
    changed = replace(
        issue,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.ONGOING,
        status_since_ns=now_ns,
        wake_ns=None,
        resolution=None,
        archive=None,
    )
    return Decision(changed, (NewActivity(ActivityType.SET_UNRESOLVED, now_ns, user_id),))


def marked_ongoing(issue: Issue, *, user_id: int | None, now_ns: int) -> Decision:
    """Return an unresolved issue as one that is neither new nor back any more."""
    if issue.status is not IssueStatus.UNRESOLVED:
        return unresolved(issue, user_id=user_id, now_ns=now_ns)
    if issue.substatus is Substatus.ONGOING:
        return Decision(issue)
    calm = replace(issue, substatus=Substatus.ONGOING, status_since_ns=now_ns, wake_ns=None)
    return Decision(calm, (NewActivity(ActivityType.MARK_REVIEWED, now_ns, user_id),))


def archived(issue: Issue, until: ArchiveUntil) -> Decision:
    """Return the issue as archived: until something comes to be, or for ever if nothing is set."""
    until = replace(until, times_seen=issue.times_seen)
    changed = replace(
        issue,
        status=IssueStatus.IGNORED,
        substatus=_substatus_of(until),
        status_since_ns=until.at_ns,
        wake_ns=next_look(until, until.at_ns),
        resolution=None,
        archive=until,
    )
    data: dict[str, JsonValue] = {
        "ignoreCount": until.event_count,
        "ignoreWindow": until.event_window_min,
        "ignoreUserCount": until.user_count,
        "ignoreUserWindow": until.user_window_min,
        "ignoreUntilEscalating": until.is_until_escalating,
        "ignoreUntil": until.until_ns,
    }
    entry = NewActivity(ActivityType.SET_IGNORED, until.at_ns, until.user_id, data)
    return Decision(changed, (entry,))


def next_look(until: ArchiveUntil, now_ns: int) -> int | None:
    """Return when time alone may bring an archived issue back, at the earliest."""
    looks = [] if until.until_ns is None else [until.until_ns]
    is_windowed = until.event_count is not None and until.event_window_min is not None
    if until.user_count is not None or is_windowed:
        looks.append(now_ns + LOOK_AGAIN_NS)
    if until.is_until_escalating:
        looks.append(now_ns + ESCALATION_LOOK_NS)
    return min(looks, default=None)


def assigned(issue: Issue, *, to: int | None, user_id: int | None, now_ns: int) -> Decision:
    """Return the issue in the hands of a person, or of nobody."""
    if issue.assigned_to == to:
        return Decision(issue)
    changed = replace(issue, assigned_to=to)
    if to is None:
        return Decision(changed, (NewActivity(ActivityType.UNASSIGNED, now_ns, user_id),))
    data: dict[str, JsonValue] = {"assignee": str(to), "assigneeType": "user"}
    return Decision(changed, (NewActivity(ActivityType.ASSIGNED, now_ns, user_id, data),))


def prioritised(
    issue: Issue, priority: Priority | None, *, user_id: int | None, now_ns: int
) -> Decision:
    """Return the issue with the priority that somebody gave it; None: as its level tells."""
    wanted = priority or priority_of(issue.level, is_unhandled=issue.is_unhandled)
    changed = replace(issue, priority=wanted, priority_is_set=priority is not None)
    if issue.priority is wanted:
        return Decision(changed)
    data: dict[str, JsonValue] = {"priority": wanted.value}
    return Decision(changed, (NewActivity(ActivityType.SET_PRIORITY, now_ns, user_id, data),))


def _is_same(one: Resolution | None, other: Resolution) -> bool:
    return one is not None and replace(one, at_ns=other.at_ns, user_id=other.user_id) == other


def _substatus_of(until: ArchiveUntil) -> Substatus:
    if until.is_until_escalating:
        return Substatus.UNTIL_ESCALATING
    conditions = (until.until_ns, until.event_count, until.user_count)
    if any(each is not None for each in conditions):
        return Substatus.UNTIL_CONDITION_MET
    return Substatus.FOREVER
