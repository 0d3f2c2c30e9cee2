"""Releases, and where and when they were seen."""

from dataclasses import dataclass
from enum import StrEnum


class ReleaseStatus(StrEnum):
    """Whether people still care for a release."""

    OPEN = "open"
    ARCHIVED = "archived"


class ReleaseOrder(StrEnum):
    """How a list of releases is sorted, latest first."""

    DATE = "date"
    SEMVER = "semver"


@dataclass(frozen=True, slots=True)
class ReleaseSeen:
    """That data of a project named a release, between two moments."""

    project_id: int
    version: str
    environment: str
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class ReleaseInProject:
    """A release as one project knows it."""

    project_id: int
    first_event_ns: int | None
    """None: it was only announced so far."""
    last_event_ns: int | None


@dataclass(frozen=True, slots=True)
class ReleaseInEnvironment:
    """A release as it was seen in one environment of one project."""

    project_id: int
    environment: str
    first_seen_ns: int
    last_seen_ns: int


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the code of one or more projects."""

    release_id: int
    organization_id: int
    version: str
    status: ReleaseStatus
    ref: str
    url: str
    created_ns: int
    started_ns: int | None
    released_ns: int | None
    projects: tuple[ReleaseInProject, ...] = ()
    environments: tuple[ReleaseInEnvironment, ...] = ()

    @property
    def date_ns(self) -> int:
        """When it came out, as far as is known: by this releases without numbers are ordered."""
        return self.created_ns if self.released_ns is None else self.released_ns

    @property
    def project_ids(self) -> frozenset[int]:
        """The projects it belongs to."""
        return frozenset(each.project_id for each in self.projects)


@dataclass(frozen=True, slots=True)
class ReleaseChange:
    """What is to be changed of a release; None leaves a thing as it is."""

    ref: str | None = None
    url: str | None = None
    status: ReleaseStatus | None = None
    started_ns: int | None = None
    released_ns: int | None = None
    project_ids: tuple[int, ...] = ()
    """Projects that it belongs to from now on, besides those it belongs to already."""


@dataclass(frozen=True, slots=True)
class ReleaseQuestion:
    """Which releases of an organization, latest first."""

    organization_id: int
    project_ids: tuple[int, ...]
    """Those that the asker may see and chose: releases of no other project are found."""
    text: str = ""
    """Part of the version, whatever its case."""
    package: str | None = None
    environments: tuple[str, ...] = ()
    status: ReleaseStatus | None = ReleaseStatus.OPEN
    order: ReleaseOrder = ReleaseOrder.DATE
    with_commits: bool | None = None
    before_ns: int | None = None
    """Out at this time or before."""
    row_count_max: int = 100
    row_offset: int = 0


@dataclass(frozen=True, slots=True)
class IssuesOfRelease:
    """How many issues a release brought to a project."""

    new_count: int
    regressed_count: int
    """Those whose last return was in it."""


@dataclass(frozen=True, slots=True)
class Deploy:
    """That a release was brought to an environment."""

    deploy_id: int
    release_id: int
    environment: str
    name: str
    url: str
    started_ns: int | None
    finished_ns: int


@dataclass(frozen=True, slots=True)
class Environment:
    """Where the code of a project runs: `production`, `staging`, …."""

    environment_id: int
    project_id: int
    name: str
    is_hidden: bool
    first_seen_ns: int
