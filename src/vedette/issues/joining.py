"""One issue of several, and one taken out of another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vedette.issues.on_sighting import FRESH_NS
from vedette.issues.priority import priority_of
from vedette.model.issue import (
    ActivityType,
    Decision,
    Issue,
    IssueStatus,
    NewActivity,
    Substatus,
)
from vedette.model.sighting import Sighting

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue


def merged(target: Issue, others: Sequence[Issue], *, user_id: int | None, now_ns: int) -> Decision:
    """Return the target with all that was seen of the others; its status stays its own."""
    everyone = (target, *others)
    first = min(everyone, key=lambda each: each.first_seen_ns)
    latest = max(everyone, key=lambda each: each.last_seen_ns)
    whole = replace(
        target,
        times_seen=sum(each.times_seen for each in everyone),
        first_seen_ns=first.first_seen_ns,
        first_release=first.first_release or target.first_release,
        last_seen_ns=latest.last_seen_ns,
        last_release=latest.last_release or target.last_release,
        title=latest.title,
        culprit=latest.culprit,
        platform=latest.platform,
        level=latest.level,
        logger=latest.logger,
        details=latest.details,
        is_unhandled=latest.is_unhandled,
    )
    data: dict[str, JsonValue] = {"issues": [{"id": str(each.issue_id)} for each in others]}
    return Decision(whole, (NewActivity(ActivityType.MERGE, now_ns, user_id, data),))


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What the events say of the hashes that shall be an issue of their own."""

    latest: Sighting
    first_ns: int
    last_ns: int
    count: int


@dataclass(frozen=True, slots=True)
class Parted:
    """The two issues that one became."""

    old: Decision
    new: Decision


def parted(
    issue: Issue, taken_out: TakenOut, *, hashes: Sequence[str], user_id: int | None, now_ns: int
) -> Parted:
    """Return what is left of an issue, and the issue that was taken out of it.

    The new one begins as any new issue does, but as old as its events are. What is left keeps
    its times: events that are no longer kept may have been of either.
    """
    latest = taken_out.latest
    new = Issue(
        project_id=issue.project_id,
        kind=issue.kind,
        category=issue.category,
        title=latest.title,
        culprit=latest.culprit,
        platform=latest.platform,
        level=latest.level,
        logger=latest.logger,
        details=latest.details,
        is_unhandled=latest.is_unhandled,
        first_seen_ns=taken_out.first_ns,
        last_seen_ns=taken_out.last_ns,
        times_seen=taken_out.count,
        first_release=latest.release,
        last_release=latest.release,
        status=IssueStatus.UNRESOLVED,
        substatus=Substatus.NEW,
        status_since_ns=now_ns,
        wake_ns=now_ns + FRESH_NS,
        priority=priority_of(latest.level, is_unhandled=latest.is_unhandled),
        priority_is_set=False,
    )
    old = replace(issue, times_seen=max(issue.times_seen - taken_out.count, 0))
    data: dict[str, JsonValue] = {"fingerprints": list(hashes)}
    from_old = data | {"source_id": str(issue.issue_id)}
    return Parted(
        Decision(old, (NewActivity(ActivityType.UNMERGE_SOURCE, now_ns, user_id, data),)),
        Decision(new, (NewActivity(ActivityType.UNMERGE_DESTINATION, now_ns, user_id, from_old),)),
    )
