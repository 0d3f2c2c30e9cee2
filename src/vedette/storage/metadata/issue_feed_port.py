"""The face of the metadata for what happened to issues, and what people wrote about them."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from vedette.model.issue import Activity

COMMENT_LENGTH_MAX: Final = 64_000


class IssueFeed(Protocol):
    """Entries and comments. Callers look the issue up first: nothing here asks whose it is."""

    def activities(
        self, issue_id: int, *, row_count_max: int, row_offset: int = 0
    ) -> Sequence[Activity]:
        """Return entries, the latest first, one more than asked for if there is one."""
        ...

    def comments(
        self, issue_id: int, *, row_count_max: int, row_offset: int = 0
    ) -> Sequence[Activity]:
        """Return those entries that people wrote, in the same way."""
        ...

    def comment_counts(self, issue_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many comments each issue has; those without are left out."""
        ...

    def add_comment(self, issue_id: int, *, user_id: int, text: str, now_ns: int) -> Activity:
        """Add a comment; its text stands in `data["text"]`.

        Raises:
            OwnerMissing: The issue or the person is not there.
            ValueError: It is longer than `COMMENT_LENGTH_MAX`.
        """
        ...

    def change_comment(
        self, issue_id: int, activity_id: int, *, user_id: int, text: str
    ) -> Activity | None:
        """Replace the text of a comment that this person wrote; None if there is none.

        Raises:
            ValueError: It is longer than `COMMENT_LENGTH_MAX`.
        """
        ...

    def delete_comment(self, issue_id: int, activity_id: int, *, user_id: int | None) -> bool:
        """Delete a comment that this person (None: anybody) wrote; tell whether there was one."""
        ...

    def participants(self, issue_id: int) -> Sequence[int]:
        """Return the ids of people who wrote, subscribe to, or are assigned to an issue."""
        ...
