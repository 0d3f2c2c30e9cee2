"""Issues as rows and back."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import RowMapping

from vedette.model.issue import (
    Activity,
    ActivityType,
    ArchiveUntil,
    Issue,
    IssueStatus,
    NewActivity,
    Priority,
    Resolution,
    Substatus,
)
from vedette.model.sighting import SightingDetails
from vedette.storage.metadata import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vedette.model.json_value import JsonValue

PRIORITY_RANK: Final = {Priority.HIGH: 75, Priority.MEDIUM: 50, Priority.LOW: 25}
"""Sorted by number: their names have no order."""

SHOWN_LENGTH_MAX: Final = 1_000
"""Of a text that lists show: what is longer is in the events."""

_resolutions: Final = msgspec.json.Decoder(Resolution)
_archives: Final = msgspec.json.Decoder(ArchiveUntil)


def row_of_issue(issue: Issue) -> dict[str, object]:
    """Return every column but the id."""
    return {
        "project_id": issue.project_id,
        "number": issue.number,
        "kind": issue.kind,
        "category": issue.category,
        "title": shown(issue.title),
        "culprit": shown(issue.culprit),
        "platform": shown(issue.platform),
        "level": shown(issue.level),
        "logger": shown(issue.logger),
        "error_type": shown(issue.details.type),
        "error_value": shown(issue.details.value),
        "filename": shown(issue.details.filename),
        "function": shown(issue.details.function),
        "is_unhandled": issue.is_unhandled,
        "first_seen_ns": issue.first_seen_ns,
        "last_seen_ns": issue.last_seen_ns,
        "times_seen": issue.times_seen,
        "first_release": shown(issue.first_release),
        "last_release": shown(issue.last_release),
        "status": issue.status.value,
        "substatus": issue.substatus.value if issue.substatus else None,
        "status_since_ns": issue.status_since_ns,
        "wake_ns": issue.wake_ns,
        "priority": issue.priority.value,
        "priority_rank": PRIORITY_RANK[issue.priority],
        "priority_is_set": issue.priority_is_set,
        "assigned_to": issue.assigned_to,
        "resolution": _json(issue.resolution),
        "archive": _json(issue.archive),
        "regressed_in": shown(issue.regressed_in),
    }


def issue_of_row(row: RowMapping) -> Issue:
    """Return the issue that a row of `issues` holds."""
    return Issue(
        project_id=row["project_id"],
        kind=row["kind"],
        category=row["category"],
        title=row["title"],
        culprit=row["culprit"],
        platform=row["platform"],
        level=row["level"],
        logger=row["logger"],
        details=SightingDetails(
            row["error_type"], row["error_value"], row["filename"], row["function"]
        ),
        is_unhandled=row["is_unhandled"],
        first_seen_ns=row["first_seen_ns"],
        last_seen_ns=row["last_seen_ns"],
        times_seen=row["times_seen"],
        first_release=row["first_release"],
        last_release=row["last_release"],
        status=IssueStatus(row["status"]),
        substatus=Substatus(row["substatus"]) if row["substatus"] else None,
        status_since_ns=row["status_since_ns"],
        wake_ns=row["wake_ns"],
        priority=Priority(row["priority"]),
        priority_is_set=row["priority_is_set"],
        assigned_to=row["assigned_to"],
        resolution=_resolutions.decode(row["resolution"]) if row["resolution"] else None,
        archive=_archives.decode(row["archive"]) if row["archive"] else None,
        regressed_in=row["regressed_in"],
        number=row["number"],
        issue_id=row["issue_id"],
    )


def row_of_activity(issue_id: int, activity: NewActivity) -> dict[str, object]:
    """Return every column but the id."""
    return {
        "issue_id": issue_id,
        "type": activity.type.value,
        "time_ns": activity.time_ns,
        "user_id": activity.user_id,
        "data": json.dumps(activity.data or {}, separators=(",", ":")),
    }


def activity_of_row(row: RowMapping) -> Activity:
    """Return the entry that a row of `issue_activities` holds."""
    data: Mapping[str, JsonValue] = json.loads(row["data"])
    return Activity(
        activity_id=row["activity_id"],
        issue_id=row["issue_id"],
        type=ActivityType(row["type"]),
        time_ns=row["time_ns"],
        user_id=row["user_id"],
        data=data,
    )


def shown(text: str) -> str:
    """Return a text as lists show it: cut, and as every database can keep it."""
    return rules.keepable(text[:SHOWN_LENGTH_MAX])


def _json(value: Resolution | ArchiveUntil | None) -> str | None:
    return None if value is None else json.dumps(asdict(value), separators=(",", ":"))
