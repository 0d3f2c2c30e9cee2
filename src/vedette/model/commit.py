"""Commits that went into releases, and the files that they changed."""

from dataclasses import dataclass
from enum import StrEnum


class FileChangeKind(StrEnum):
    """What a commit did to a file, by the letters that version control uses."""

    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"


@dataclass(frozen=True, slots=True)
class Repository:
    """Where commits come from."""

    repository_id: int
    organization_id: int
    name: str
    url: str
    provider: str
    created_ns: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that a commit touched."""

    path: str
    kind: FileChangeKind


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit as it is sent."""

    sha: str
    repository: str
    message: str
    author_name: str
    author_email: str
    time_ns: int
    files: tuple[FileChange, ...] | None = None
    """None: nothing is said of them."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it is kept."""

    commit_id: int
    repository_id: int
    sha: str
    message: str
    author_name: str
    author_email: str
    time_ns: int


@dataclass(frozen=True, slots=True)
class Head:
    """Up to which commit of a repository a release goes."""

    repository: str
    sha: str
    previous_sha: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseCommits:
    """What stands in lists about the commits of a release."""

    commit_count: int
    last_commit: Commit | None
    authors: tuple[tuple[str, str], ...]
    """Name and address of each, in order of their first commit."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file of a commit, with the release that brought it."""

    commit: Commit
    release_id: int
    path: str
    kind: FileChangeKind
