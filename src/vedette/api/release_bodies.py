"""What clients send about releases, checked and turned into nouns."""

import re
from typing import Final

import msgspec

from vedette.api.refusal import Refusal, wrong
from vedette.api.visit import OrganizationVisit
from vedette.model.commit import FileChange, FileChangeKind, Head, NewCommit
from vedette.model.release import ReleaseChange, ReleaseStatus
from vedette.model.release_version import why_not_a_version
from vedette.query.iso_time import read_iso_time

BODY_BYTES_MAX: Final = 16 * 1024 * 1024
"""The commits of a release with all the files that they changed."""
COMMIT_COUNT_MAX: Final = 2_000
FILE_COUNT_MAX: Final = 50_000
"""In all commits together."""
REF_COUNT_MAX: Final = 100
MESSAGE_LENGTH_MAX: Final = 1_000
TEXT_LENGTH_MAX: Final = 500
_NOT_OF_NAMES: Final = re.compile(r"[^a-z0-9._-]")


class PatchBody(msgspec.Struct):
    """A file that a commit changed."""

    path: str
    type: FileChangeKind


class CommitBody(msgspec.Struct):
    """A commit."""

    id: str
    repository: str | None = None
    message: str | None = None
    author_name: str | None = None
    author_email: str | None = None
    timestamp: str | None = None
    patch_set: list[PatchBody] | None = None


class RefBody(msgspec.Struct, rename="camel"):
    """Up to which commit of a repository a release goes."""

    repository: str
    commit: str | None = None
    previous_commit: str | None = None
    current_id: str | None = None
    """The same by the name that older clients use."""
    previous_id: str | None = None


class ReleaseBody(msgspec.Struct, rename="camel"):
    """The body that changes a release."""

    projects: list[str | int] | None = None
    ref: str | None = None
    url: str | None = None
    status: ReleaseStatus | None = None
    date_started: str | None = None
    date_released: str | None = None
    commits: list[CommitBody] | None = None
    refs: list[RefBody] | None = None
    head_commits: list[RefBody] | None = None


class NewReleaseBody(ReleaseBody, kw_only=True):
    """The body that makes a release."""

    version: str


class DeployBody(msgspec.Struct, rename="camel"):
    """The body that makes a deploy."""

    environment: str
    name: str | None = None
    url: str | None = None
    date_started: str | None = None
    date_finished: str | None = None
    projects: list[str | int] | None = None


def checked_version(version: str) -> str:
    """Return what can be the version of a release.

    Raises:
        Refusal: It cannot be one.
    """
    version = version.strip()
    why_not = why_not_a_version(version)
    if why_not is not None:
        raise Refusal(400, why_not, more={"version": [why_not]})
    return version


def change_of(body: ReleaseBody, project_ids: tuple[int, ...]) -> ReleaseChange:
    """Return the change that a body asks for.

    Raises:
        Refusal: A text is too long, or no time.
    """
    return ReleaseChange(
        ref=checked_text(body.ref, "ref"),
        url=checked_text(body.url, "url"),
        status=body.status,
        started_ns=read_time(body.date_started, "dateStarted"),
        released_ns=read_time(body.date_released, "dateReleased"),
        project_ids=project_ids,
    )


def named_projects(visit: OrganizationVisit, names: list[str | int] | None) -> tuple[int, ...]:
    """Return the ids of the projects that a body names.

    Raises:
        Refusal: One of them is unknown or belongs to others.
    """
    try:
        return tuple(visit.project(str(each)).project_id for each in names or ())
    except Refusal as refusal:
        why = "Invalid project ids or slugs"
        raise Refusal(400, why, more={"projects": [why]}) from refusal


def new_commits(bodies: list[CommitBody], *, organization_id: int, now_ns: int) -> list[NewCommit]:
    """Return the commits of a body.

    Raises:
        Refusal: There are too many, or one of them is none.
    """
    if len(bodies) > COMMIT_COUNT_MAX:
        raise wrong(f"commits: at most {COMMIT_COUNT_MAX} can be sent at once.")
    if sum(len(each.patch_set or ()) for each in bodies) > FILE_COUNT_MAX:
        raise wrong(f"commits: their patch_sets have at most {FILE_COUNT_MAX} files together.")
    return [_new_commit(each, organization_id, now_ns) for each in bodies]


def new_heads(bodies: list[RefBody]) -> list[Head]:
    """Return up to where a release goes, each repository once.

    Raises:
        Refusal: There are too many, or one names no commit.
    """
    if len(bodies) > REF_COUNT_MAX:
        raise wrong(f"refs: at most {REF_COUNT_MAX} can be sent at once.")
    heads: dict[str, Head] = {}
    for each in bodies:
        repository = _needed(each.repository, "refs: repository")
        sha = _needed(each.commit or each.current_id or "", "refs: commit")
        # `from..to` may stand where the commit does.
        previous, dots, last = sha.partition("..")
        if dots:
            heads[repository] = Head(repository, last, previous)
        else:
            heads[repository] = Head(
                repository, sha, each.previous_commit or each.previous_id or ""
            )
    return list(heads.values())


def read_time(text: str | None, name: str) -> int | None:
    """Return the time that a body says; None if it says none.

    Raises:
        Refusal: It is no time.
    """
    if text is None:
        return None
    time_ns = read_iso_time(text)
    if time_ns is None or not 0 <= time_ns < _TIME_NS_MAX:
        raise wrong(f"{name}: give an ISO 8601 time.")
    return time_ns


def checked_text(text: str | None, name: str) -> str | None:
    """Return a text that is not too long.

    Raises:
        Refusal: It is.
    """
    if text is not None and len(text) > TEXT_LENGTH_MAX:
        raise wrong(f"{name}: at most {TEXT_LENGTH_MAX} characters.")
    return text


def _new_commit(body: CommitBody, organization_id: int, now_ns: int) -> NewCommit:
    time_ns = read_time(body.timestamp, "commits: timestamp")
    name = checked_text(body.author_name, "commits: author_name") or ""
    email = checked_text(body.author_email, "commits: author_email") or ""
    if name and not email:
        email = f"{_NOT_OF_NAMES.sub('', name.lower())}@localhost"
    message = body.message or ""
    if len(message) > MESSAGE_LENGTH_MAX:
        message = f"{message[: MESSAGE_LENGTH_MAX - 1]}…"
    return NewCommit(
        sha=_needed(body.id, "commits: id"),
        repository=body.repository or f"organization-{organization_id}",
        message=message,
        author_name=name,
        author_email=email,
        time_ns=now_ns if time_ns is None else time_ns,
        files=None
        if body.patch_set is None
        else tuple(
            FileChange(_needed(each.path, "commits: path"), each.type) for each in body.patch_set
        ),
    )


def _needed(text: str, name: str) -> str:
    if not text or len(text) > TEXT_LENGTH_MAX:
        raise wrong(f"{name} must have 1 to {TEXT_LENGTH_MAX} characters.")
    return text


_TIME_NS_MAX: Final = 9_000_000_000 * 1_000_000_000
"""The year 2255: what 64 bits of nanoseconds can say, nearly."""
