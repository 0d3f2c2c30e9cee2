"""The face of the metadata for whose a hash is: issues merged, parted, discarded, forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from vedette.model.issue import Decision, Issue


@dataclass(frozen=True, slots=True)
class DiscardedGroup:
    """A hash of which nothing is kept."""

    project_id: int
    hash: str
    title: str
    user_id: int | None
    discarded_ns: int


@dataclass(frozen=True, slots=True)
class ForgottenGroup:
    """A group whose issue is gone, and whose events are to go."""

    entry_id: int
    project_id: int
    hash: str
    forgotten_ns: int
    """What came later belongs to a new issue."""


class IssueJoins(Protocol):
    """Events bear hashes and no issue: what moves here is who owns a hash."""

    def merge_issues(
        self,
        target_id: int,
        other_ids: Sequence[int],
        *,
        project_ids: Sequence[int],
        decide: Callable[[Issue, Sequence[Issue]], Decision],
    ) -> Issue | None:
        """Let one issue take over others of its project: hashes, comments, marks.

        The others' ids and numbers lead to it from now on. `decide` says what becomes of it.
        Others that are unknown or of another project are left out; if none is left, or the
        target is not there, nothing changes and None is returned.
        """
        ...

    def part_issue(
        self,
        issue_id: int,
        hashes: Sequence[str],
        *,
        project_ids: Sequence[int],
        decide: Callable[[Issue], tuple[Decision, Decision]],
    ) -> tuple[Issue, Issue] | None:
        """Take own hashes of an issue out of it, with those that came along, into a new one.

        `decide` says what is left and what the new issue is. None, and nothing changed, if the
        issue is not there, owns none of these hashes, or would have none left.
        """
        ...

    def discarded_groups(self, project_id: int) -> Sequence[DiscardedGroup]:
        """Return what is not kept of a project, what was discarded last first."""
        ...

    def keep_again(self, project_id: int, hashes: Sequence[str]) -> int:
        """Take hashes back from what is not kept; return how many. All processes hear of it."""
        ...

    def forgotten_groups(self, *, row_count_max: int) -> Sequence[ForgottenGroup]:
        """Return groups whose events are still to be deleted, oldest first."""
        ...

    def forgotten(self, entry_ids: Sequence[int]) -> None:
        """Note that the events of these are deleted."""
        ...
