"""The reading face of the metadata for issues: one, lists of them, and the hashes they own."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from vedette.model.issue import Issue
from vedette.model.issue_question import IssueQuestion, OwnedHash


class IssueQuestionWrong(Exception):  # noqa: N818 - told to the asker
    """The condition names a field that issues do not have, or compares it with what it is not."""


class IssueBook(Protocol):
    """Every look-up names the projects that the asker may see; others' issues are not found.

    An issue that was merged into another is found by its old id and number: the other is returned.
    """

    def issue(self, issue_id: int, *, project_ids: Sequence[int]) -> Issue | None:
        """Return one issue; None if there is none."""
        ...

    def issue_by_number(self, *, project_id: int, number: int) -> Issue | None:
        """Return the issue that is counted so in its project (see `model.short_id`)."""
        ...

    def issues_by_id(
        self, issue_ids: Sequence[int], *, project_ids: Sequence[int]
    ) -> Sequence[Issue]:
        """Return those that there are (merged ones are not followed), in the order of the ids."""
        ...

    def find_issues(self, question: IssueQuestion) -> Sequence[Issue]:
        """Return a page of issues, and one more if there is one.

        Raises:
            IssueQuestionWrong: The text says why.
        """
        ...

    def count_issues(self, question: IssueQuestion) -> int:
        """Return how many there are, on whatever page.

        Raises:
            IssueQuestionWrong: The text says why.
        """
        ...

    def found_hashes(self, question: IssueQuestion) -> Sequence[tuple[int, int, str]]:
        """Return issue id, project id and hash for every own hash of the issues of a page.

        For orders by what the events say: the issues themselves are fetched for the page alone.

        Raises:
            IssueQuestionWrong: The text says why.
        """
        ...

    def hashes_of_issues(self, issue_ids: Sequence[int]) -> Mapping[int, Sequence[OwnedHash]]:
        """Return the hashes that each issue owns, in the order of their texts."""
        ...

    def issue_ids_of_hashes(
        self, names: Sequence[tuple[int, str]]
    ) -> Mapping[tuple[int, str], int]:
        """Return the issue of each project's hash, for those that are known."""
        ...
