"""The face of the metadata by which sightings become issues, in one transaction with the ledger."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from vedette.model.digest_range import DigestRange
from vedette.model.issue import Decision, Issue
from vedette.model.sighting import GroupSeen

ReleaseAges: TypeAlias = Mapping[tuple[int, str], int]
"""Project and version to when the release was first seen (or made), in nanoseconds."""

DecideOnSighting: TypeAlias = Callable[[Issue | None, GroupSeen, ReleaseAges], Decision]
"""What becomes of an issue (None: there is none yet) of which these sightings are."""


class IssueIntake(Protocol):
    """The write road's end in the metadata."""

    def finish_with_issues(
        self,
        journal_id: str,
        finished: DigestRange,
        groups: Sequence[GroupSeen],
        decide: DecideOnSighting,
    ) -> Sequence[Decision]:
        """Do what `finish` of the ledger does, and take the groups in, in one transaction.

        A group belongs to the issue that owns the first of its hashes that any issue owns, and
        brings its other hashes along; if none is known it becomes an issue of its own, with the
        next number of its project. `decide` is called once for each group, in their order, inside
        the transaction: it must be quick and only decide. Groups that somebody discarded, and
        those of projects that are gone, are left out.

        A range that is finished already changes nothing. Returns the decisions about issues that
        are new or got entries in their feed, with ids and numbers.

        Raises:
            ValueError: It is not the oldest open range.
        """
        ...

    def discarded_hashes(self) -> Mapping[int, frozenset[str]]:
        """Return, for each project that has some, the hashes of groups that are not to be kept."""
        ...
