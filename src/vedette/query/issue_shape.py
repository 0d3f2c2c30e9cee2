"""An issue in the form in which Sentry shows one in lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.model.issue import Activity, Issue, IssueStatus, ResolvedBy
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.person import User
from vedette.model.project import Project
from vedette.model.short_id import write_short_id
from vedette.query.ask_issues import IssueSums
from vedette.query.iso_time import iso_time
from vedette.storage.metadata.issue_marks_port import IssueMarks

NO_MARKS: Final = IssueMarks()


@dataclass(frozen=True, slots=True)
class IssueView:
    """What is shown with an issue besides itself."""

    sums: IssueSums
    stats: JsonObject
    """Its events by time, under the name of the period."""
    marks: IssueMarks = NO_MARKS
    """The asker's."""
    comment_count: int = 0


def shape_issue(
    issue: Issue,
    project: Project,
    *,
    view: IssueView,
    users: Mapping[int, User],
    public_url: str,
) -> JsonObject:
    """Return one issue."""
    return {
        "id": str(issue.issue_id),
        "shortId": write_short_id(project.slug, issue.number),
        "shareId": None,
        "title": issue.title,
        "culprit": issue.culprit,
        "permalink": f"{public_url}/issues/{issue.issue_id}/",
        "logger": issue.logger or None,
        "level": issue.level,
        "platform": issue.platform,
        "type": "error" if issue.details.type else "default",
        "issueType": issue.kind,
        "issueCategory": issue.category,
        "metadata": {
            "title": issue.title,
            "type": issue.details.type,
            "value": issue.details.value,
            "filename": issue.details.filename,
            "function": issue.details.function,
        },
        "project": {
            "id": str(project.project_id),
            "name": project.name,
            "slug": project.slug,
            "platform": project.platform or None,
        },
        "status": issue.status.value,
        "substatus": issue.substatus.value if issue.substatus else None,
        "statusDetails": status_details(issue, users),
        "priority": issue.priority.value,
        "isUnhandled": issue.is_unhandled,
        "assignedTo": assignee(issue, users),
        "count": str(view.sums.event_count),
        "userCount": view.sums.user_count,
        "stats": view.stats,
        "lifetime": {
            "count": str(issue.times_seen),
            "firstSeen": iso_time(issue.first_seen_ns),
            "lastSeen": iso_time(issue.last_seen_ns),
        },
        "firstSeen": iso_time(issue.first_seen_ns),
        "lastSeen": iso_time(issue.last_seen_ns),
        "isPublic": False,
        "annotations": [],
        **_of_the_asker(view),
        "firstRelease": _release(issue.first_release),
        "lastRelease": _release(issue.last_release),
        "regressedIn": issue.regressed_in or None,
    }


def _of_the_asker(view: IssueView) -> JsonObject:
    return {
        "numComments": view.comment_count,
        "isBookmarked": view.marks.is_bookmarked,
        "hasSeen": view.marks.seen_ns is not None,
        "isSubscribed": view.marks.is_subscribed is True,
        "subscriptionDetails": (
            {"reason": view.marks.subscription_reason} if view.marks.is_subscribed else None
        ),
    }


def shape_activity(activity: Activity, users: Mapping[int, User]) -> JsonObject:
    """Return an entry of an issue's feed."""
    user = users.get(activity.user_id) if activity.user_id is not None else None
    return {
        "id": str(activity.activity_id),
        "type": activity.type.value,
        "user": None if user is None else person_shape(user),
        "data": dict(activity.data),
        "dateCreated": iso_time(activity.time_ns),
    }


def _release(version: str) -> JsonObject | None:
    return {"version": version} if version else None


def status_details(issue: Issue, users: Mapping[int, User]) -> JsonObject:
    """Return how an issue was resolved or archived, in Sentry's words; empty for neither."""
    details: dict[str, JsonValue] = {}
    if issue.status is IssueStatus.RESOLVED and issue.resolution:
        resolution = issue.resolution
        match resolution.by:
            case ResolvedBy.IN_RELEASE:
                details["inRelease"] = resolution.release
            case ResolvedBy.IN_NEXT_RELEASE:
                details["inNextRelease"] = True
            case ResolvedBy.IN_COMMIT:
                details["inCommit"] = resolution.commit
            case ResolvedBy.NOW:
                pass
        details["actor"] = _actor(resolution.user_id, users)
    if issue.status is IssueStatus.IGNORED and issue.archive:
        archive = issue.archive
        details |= {
            "ignoreCount": archive.event_count,
            "ignoreWindow": archive.event_window_min,
            "ignoreUserCount": archive.user_count,
            "ignoreUserWindow": archive.user_window_min,
            "ignoreUntil": None if archive.until_ns is None else iso_time(archive.until_ns),
            "actor": _actor(archive.user_id, users),
        }
    return details


def assignee(issue: Issue, users: Mapping[int, User]) -> JsonObject | None:
    """Return who takes care of an issue."""
    user = users.get(issue.assigned_to) if issue.assigned_to is not None else None
    return None if user is None else {"type": "user", **person_shape(user)}


def _actor(user_id: int | None, users: Mapping[int, User]) -> JsonObject | None:
    user = users.get(user_id) if user_id is not None else None
    return None if user is None else person_shape(user)


def person_shape(user: User) -> dict[str, JsonValue]:
    """Return a person as feeds and issues show them."""
    return {"id": str(user.user_id), "name": user.name or user.email, "email": user.email}
