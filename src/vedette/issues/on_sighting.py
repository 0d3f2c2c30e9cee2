"""What becomes of an issue that was seen: it begins, goes on, comes back, or leaves the archive."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.issues.priority import priority_of
from vedette.issues.release_order import is_later
from vedette.model.issue import (
    ActivityType,
    Decision,
    Issue,
    IssueStatus,
    NewActivity,
    Resolution,
    ResolvedBy,
    Substatus,
)
from vedette.model.sighting import GroupSeen

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue

ReleaseAges: TypeAlias = Mapping[tuple[int, str], int]

DAY_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
FRESH_NS: Final = 7 * DAY_NS
"""How long an issue counts as new, regressed or escalating, before it is only there."""


def on_sighting(issue: Issue | None, seen: GroupSeen, ages: ReleaseAges) -> Decision:
    """Return what becomes of an issue (None: there is none yet) that these sightings are of."""
    if issue is None:
        return _begun(seen)
    counted = _counted(issue, seen)
    match issue.status:
        case IssueStatus.UNRESOLVED:
            return Decision(counted)
        case IssueStatus.RESOLVED:
            release = _regression(issue, seen, ages)
            return Decision(counted) if release is None else _regressed(counted, seen, release)
        case IssueStatus.IGNORED:
            if _is_often_enough(counted):
                return _out_of_archive(counted, seen.latest.time_ns)
            return Decision(counted)


def _begun(seen: GroupSeen) -> Decision:
    first, latest = seen.first, seen.latest
    issue = Issue(
        project_id=seen.project_id,
        kind=latest.kind,
        category=latest.category,
        title=latest.title,
        culprit=latest.culprit,
        platform=latest.platform,
        level=latest.level,
        logger=latest.logger,
        details=latest.details,
        is_unhandled=latest.is_unhandled,
        first_seen_ns=first.time_ns,
        last_seen_ns=latest.time_ns,
        times_seen=seen.count,
        first_release=first.release,
        last_release=latest.release,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.NEW,
        status_since_ns=first.time_ns,
        wake_ns=first.time_ns + FRESH_NS,
        priority=priority_of(latest.level, is_unhandled=latest.is_unhandled),
        priority_is_set=False,
    )
    data: dict[str, JsonValue] = {"priority": issue.priority.value, "event_id": first.event_id}
    return Decision(issue, (NewActivity(ActivityType.FIRST_SEEN, first.time_ns, data=data),))


def _counted(issue: Issue, seen: GroupSeen) -> Issue:
    """Return the issue with these sightings in its counts; the newest one gives it its face."""
    first, latest = seen.first, seen.latest
    counted = replace(issue, times_seen=issue.times_seen + seen.count)
    if first.time_ns < issue.first_seen_ns:
        counted = replace(
            counted,
            first_seen_ns=first.time_ns,
            first_release=first.release or issue.first_release,
        )
    if not counted.first_release and first.release:
        counted = replace(counted, first_release=first.release)
    if latest.time_ns < issue.last_seen_ns:
        return counted
    return replace(
        counted,
        last_seen_ns=latest.time_ns,
        last_release=latest.release or issue.last_release,
        title=latest.title,
        culprit=latest.culprit,
        platform=latest.platform,
        level=latest.level,
        logger=latest.logger,
        details=latest.details,
        is_unhandled=latest.is_unhandled,
    )


def _regression(issue: Issue, seen: GroupSeen, ages: ReleaseAges) -> str | None:
    """Return the release in which a resolved issue came back ("" for none), None if it did not."""
    resolution = issue.resolution or Resolution()
    for release, last_ns in seen.releases:
        if last_ns > resolution.at_ns and _breaks(resolution, release, issue.project_id, ages):
            return release
    return None


def _breaks(resolution: Resolution, release: str, project_id: int, ages: ReleaseAges) -> bool:
    """Tell whether an event of this release shows that the resolution does not hold."""
    if resolution.by in (ResolvedBy.NOW, ResolvedBy.IN_COMMIT) or not resolution.release:
        return True
    if not release:
        # Nothing says that the fix is in what runs there.
        return False
    if release == resolution.release:
        return resolution.by is ResolvedBy.IN_RELEASE
    return is_later(release, resolution.release, project_id=project_id, ages=ages)


def _regressed(issue: Issue, seen: GroupSeen, release: str) -> Decision:
    resolution = issue.resolution or Resolution()
    at_ns = seen.latest.time_ns
    back = replace(
        issue,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.REGRESSED,
        status_since_ns=at_ns,
        wake_ns=at_ns + FRESH_NS,
        resolution=None,
        regressed_in=release,
    )
    data: dict[str, JsonValue] = {"version": release, "event_id": seen.latest.event_id}
    if resolution.release:
        data["resolved_in_version"] = resolution.release
    return Decision(back, (NewActivity(ActivityType.SET_REGRESSION, at_ns, data=data),))


def _is_often_enough(issue: Issue) -> bool:
    """Tell whether an archived issue has been seen as often as it was archived for.

    Counts within a window and counts of people are judged by the clock, see `on_waking`.
    """
    archive = issue.archive
    if archive is None or archive.event_count is None or archive.event_window_min is not None:
        return False
    return issue.times_seen - archive.times_seen >= archive.event_count


def _out_of_archive(issue: Issue, at_ns: int) -> Decision:
    back = replace(
        issue,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.ONGOING,
        status_since_ns=at_ns,
        wake_ns=None,
        archive=None,
    )
    data: dict[str, JsonValue] = {
        "ignoreCount": issue.archive.event_count if issue.archive else None
    }
    return Decision(back, (NewActivity(ActivityType.SET_UNRESOLVED, at_ns, data=data),))
