"""What a request asks to become of issues, in Sentry's words, and the decision that it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from vedette.api.refusal import wrong
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.issues.by_people import (
    archived,
    assigned,
    marked_ongoing,
    prioritised,
    resolved,
    unresolved,
)
from vedette.model.issue import ArchiveUntil, Decision, Issue, Priority, Resolution, ResolvedBy
from vedette.query.iso_time import read_iso_time

MINUTE_NS: Final = 60 * NANOSECONDS_PER_SECOND
_COUNT_MAX: Final = 2**31
_UNTIL_ESCALATING: Final = frozenset({"until_escalating", "archived_until_escalating"})


class InCommit(msgspec.Struct):
    """A commit that resolves."""

    commit: str
    repository: str = ""


class StatusDetails(msgspec.Struct, rename="camel"):
    """How far a status reaches."""

    in_release: str | None = None
    in_next_release: bool = False
    in_commit: InCommit | None = None
    ignore_duration: int | None = None
    ignore_until: str | None = None
    ignore_count: int | None = None
    ignore_window: int | None = None
    ignore_user_count: int | None = None
    ignore_user_window: int | None = None


class IssueChange(msgspec.Struct, rename="camel"):
    """The body; what it does not name stays."""

    status: str | UnsetType = UNSET
    status_details: StatusDetails = msgspec.field(default_factory=StatusDetails)
    substatus: str | UnsetType | None = UNSET
    assigned_to: str | int | UnsetType | None = UNSET
    priority: str | UnsetType | None = UNSET
    is_bookmarked: bool | UnsetType = UNSET
    is_subscribed: bool | UnsetType = UNSET
    has_seen: bool | UnsetType = UNSET
    inbox: bool | UnsetType = UNSET
    merge: bool | int | UnsetType = UNSET
    discard: bool | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Changer:
    """Who changes, when, and what must be known for it."""

    user_id: int
    now_ns: int
    assignee: int | None
    """Read from `assignedTo` by `assignee_of`."""
    newest_releases: Mapping[int, str]
    """By project."""


def assignee_of(
    given: str | int | UnsetType | None, user_ids: Mapping[str, int], *, me: int
) -> int | None:
    """Return whose an issue shall be; None for nobody.

    Raises:
        Refusal: There is no such person.
    """
    if isinstance(given, UnsetType) or given is None or given == "":
        return None
    name = str(given).strip().lower()
    if name == "me":
        return me
    kind, colon, rest = name.partition(":")
    number = rest if colon and kind == "user" else name
    if number.isascii() and number.isdigit() and int(number[:19]) in set(user_ids.values()):
        return int(number[:19])
    found = user_ids.get(name)
    if found is None:
        raise wrong("assignedTo: there is no such person; teams own no issues here.")
    return found


def decision_on(body: IssueChange, changer: Changer) -> Callable[[Issue], Decision]:
    """Return what becomes of each issue.

    Raises:
        Refusal: The body asks for something that there is not.
    """
    steps = [_status_step(body, changer), _assignment_step(body, changer)]
    steps += [_priority_step(body, changer), _review_step(body, changer)]
    wanted = [each for each in steps if each is not None]

    def decide(issue: Issue) -> Decision:
        decision = Decision(issue)
        for step in wanted:
            following = step(decision.issue)
            decision = Decision(following.issue, (*decision.activities, *following.activities))
        return decision

    return decide


_Step = Callable[[Issue], Decision] | None


def _status_step(body: IssueChange, changer: Changer) -> _Step:
    user_id, now_ns = changer.user_id, changer.now_ns
    match body.status:
        case UnsetType():
            return None
        case "resolved" | "resolvedInNextRelease":
            return _resolution_step(body, changer)
        case "unresolved" if body.substatus == "ongoing":
            return lambda issue: marked_ongoing(issue, user_id=user_id, now_ns=now_ns)
        case "unresolved":
            return lambda issue: unresolved(issue, user_id=user_id, now_ns=now_ns)
        case "ignored" | "muted" | "archived":
            until = _until(body, changer)
            return lambda issue: archived(issue, until)
        case _:
            raise wrong(
                "status must be one of resolved, resolvedInNextRelease, unresolved, ignored"
            )


def _resolution_step(body: IssueChange, changer: Changer) -> _Step:
    details = body.status_details
    plain = Resolution(at_ns=changer.now_ns, user_id=changer.user_id)

    def newest(issue: Issue) -> str:
        return changer.newest_releases.get(issue.project_id, "")

    if details.in_commit is not None:
        commit = details.in_commit.commit
        return lambda issue: resolved(issue, _with(plain, ResolvedBy.IN_COMMIT, commit=commit))
    if details.in_next_release or body.status == "resolvedInNextRelease":
        return lambda issue: resolved(
            issue, _with(plain, ResolvedBy.IN_NEXT_RELEASE, release=newest(issue))
        )
    if details.in_release:
        version = details.in_release
        return lambda issue: resolved(
            issue,
            _with(
                plain,
                ResolvedBy.IN_RELEASE,
                release=newest(issue) if version == "latest" else version,
            ),
        )
    return lambda issue: resolved(issue, plain)


def _with(plain: Resolution, by: ResolvedBy, *, release: str = "", commit: str = "") -> Resolution:
    return Resolution(by, release, commit, plain.at_ns, plain.user_id)


def _until(body: IssueChange, changer: Changer) -> ArchiveUntil:
    details = body.status_details
    until_ns = None
    if details.ignore_duration is not None:
        minutes = _count(details.ignore_duration, "ignoreDuration") or 0
        until_ns = changer.now_ns + minutes * MINUTE_NS
    elif details.ignore_until is not None:
        until_ns = read_iso_time(details.ignore_until)
        if until_ns is None:
            raise wrong("statusDetails.ignoreUntil: give an ISO 8601 time")
    return ArchiveUntil(
        is_until_escalating=body.substatus in _UNTIL_ESCALATING,
        until_ns=until_ns,
        event_count=_count(details.ignore_count, "ignoreCount"),
        event_window_min=_count(details.ignore_window, "ignoreWindow"),
        user_count=_count(details.ignore_user_count, "ignoreUserCount"),
        user_window_min=_count(details.ignore_user_window, "ignoreUserWindow"),
        at_ns=changer.now_ns,
        user_id=changer.user_id,
    )


def _count(given: int | None, name: str) -> int | None:
    if given is not None and not 0 < given < _COUNT_MAX:
        raise wrong(f"statusDetails.{name}: give a number from 1 on")
    return given


def _assignment_step(body: IssueChange, changer: Changer) -> _Step:
    if isinstance(body.assigned_to, UnsetType):
        return None
    return lambda issue: assigned(
        issue, to=changer.assignee, user_id=changer.user_id, now_ns=changer.now_ns
    )


def _priority_step(body: IssueChange, changer: Changer) -> _Step:
    if isinstance(body.priority, UnsetType):
        return None
    try:
        wanted = None if body.priority is None else Priority(body.priority)
    except ValueError:
        raise wrong("priority must be one of " + ", ".join(Priority)) from None
    return lambda issue: prioritised(issue, wanted, user_id=changer.user_id, now_ns=changer.now_ns)


def _review_step(body: IssueChange, changer: Changer) -> _Step:
    if body.inbox is not False:
        return None
    return lambda issue: marked_ongoing(issue, user_id=changer.user_id, now_ns=changer.now_ns)
