"""Releases, deploys and environments: a face of the metadata store."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from vedette.model.release import (
    Deploy,
    Environment,
    IssuesOfRelease,
    Release,
    ReleaseChange,
    ReleaseQuestion,
    ReleaseSeen,
)


class Releases(Protocol):
    """What was built, and where it runs. What holds for the metadata port holds here too."""

    def see_releases(self, seen: Sequence[ReleaseSeen], *, now_ns: int) -> None:
        """Remember that these releases and environments were seen; unknown ones are made.

        May be repeated: moments only widen. Projects that are gone are left out; an empty
        version only makes its environment known.
        """
        ...

    def releases(self, question: ReleaseQuestion) -> Sequence[Release]:
        """Return releases, latest first, one more than asked for if there is one.

        By `semver` those without numbers come last. Each has the projects and environments that
        the question names, no others.
        """
        ...

    def release(self, organization_id: int, version: str) -> Release | None:
        """Return one release with all its projects and environments; None if there is none."""
        ...

    def releases_of_versions(
        self, organization_id: int, versions: Sequence[str]
    ) -> Sequence[Release]:
        """Return those of these versions that are known, in no order, as `release` does."""
        ...

    def create_release(
        self, *, organization_id: int, version: str, change: ReleaseChange, now_ns: int
    ) -> tuple[Release, bool]:
        """Make a release, or change the one that is there; tell whether it was made.

        Raises:
            OwnerMissing: The organization or one of the projects is not there, or a project is
                not one of the organization's.
        """
        ...

    def delete_release(self, release_id: int) -> None:
        """Forget a release, its commits' bonds and its deploys; an unknown id changes nothing."""
        ...

    def create_deploy(
        self,
        *,
        release_id: int,
        environment: str,
        name: str,
        url: str,
        started_ns: int | None,
        finished_ns: int,
    ) -> Deploy:
        """Add a deploy; a release that was not out yet is out from then on.

        Its environment becomes known to the release's projects.

        Raises:
            OwnerMissing: There is no such release.
        """
        ...

    def deploys(self, release_ids: Sequence[int]) -> Sequence[Deploy]:
        """Return the deploys of these releases, latest first."""
        ...

    def issues_of_releases(
        self, *, project_ids: Sequence[int], versions: Sequence[str]
    ) -> Mapping[tuple[int, str], IssuesOfRelease]:
        """Return how many issues began and came back in each release, by project and version.

        Those without any are left out.
        """
        ...

    def environments(self, project_ids: Sequence[int]) -> Sequence[Environment]:
        """Return the environments of these projects by name, hidden ones too."""
        ...

    def hide_environment(self, *, project_id: int, name: str, is_hidden: bool) -> Environment:
        """Hide an environment from lists, or show it again.

        Raises:
            OwnerMissing: The project has no such environment.
        """
        ...
