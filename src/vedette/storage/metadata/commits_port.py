"""Commits and repositories: a face of the metadata store."""

from collections.abc import Sequence
from typing import Protocol

from vedette.model.commit import (
    ChangedFile,
    Commit,
    FileChange,
    Head,
    NewCommit,
    ReleaseCommits,
    Repository,
)


class Commits(Protocol):
    """What went into releases. What holds for the metadata port holds here too."""

    def set_commits(
        self, *, release_id: int, commits: Sequence[NewCommit], now_ns: int
    ) -> ReleaseCommits:
        """Replace the commits of a release, newest first; unknown repositories are made.

        A commit that is known keeps its files when nothing new is said of them. Of each
        repository, the newest commit becomes the head of the release.

        Raises:
            OwnerMissing: There is no such release.
        """
        ...

    def set_heads(self, *, release_id: int, heads: Sequence[Head], now_ns: int) -> None:
        """Replace up to where a release goes in each repository; none: forget its commits too.

        Commits that are known and lie between the previous and the new head by their time
        become those of the release.

        Raises:
            OwnerMissing: There is no such release.
        """
        ...

    def heads(self, release_id: int) -> Sequence[Head]:
        """Return up to where a release goes, by the name of the repository."""
        ...

    def commits(self, release_id: int) -> Sequence[tuple[Commit, Repository]]:
        """Return the commits of a release, newest first."""
        ...

    def commits_of(self, release_ids: Sequence[int]) -> dict[int, ReleaseCommits]:
        """Return what lists show of the commits of these releases; all of them are in it."""
        ...

    def files(self, commit_id: int) -> Sequence[FileChange]:
        """Return the files of a commit by path."""
        ...

    def changed_files(
        self, *, release_ids: Sequence[int], base_names: Sequence[str] | None, row_count_max: int
    ) -> Sequence[ChangedFile]:
        """Return files that commits of these releases changed, newest first.

        Args:
            release_ids: Of these alone.
            base_names: The last part of the path is one of these; None: whatever it is.
            row_count_max: At most so many.
        """
        ...

    def repositories(self, organization_id: int) -> Sequence[Repository]:
        """Return the repositories of an organization, oldest first."""
        ...

    def create_repository(
        self, *, organization_id: int, name: str, url: str, provider: str, created_ns: int
    ) -> Repository:
        """Add a repository.

        Raises:
            AlreadyThere: The name is taken in this organization.
            OwnerMissing: There is no such organization.
        """
        ...
