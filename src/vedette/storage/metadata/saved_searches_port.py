"""The face of the metadata for searches that people keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Visibility(StrEnum):
    """Who sees a saved search."""

    OWNER = "owner"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody kept."""

    search_id: int
    organization_id: int
    user_id: int
    name: str
    query: str
    sort: str
    visibility: Visibility
    created_ns: int


class SavedSearches(Protocol):
    """Own searches, and those that others of the organization share."""

    def searches(self, organization_id: int, *, user_id: int) -> Sequence[SavedSearch]:
        """Return those that a person sees, by name."""
        ...

    def create_search(self, search: SavedSearch) -> SavedSearch:
        """Keep a search (`search_id` is given here).

        Raises:
            OwnerMissing: The organization or the person is not there.
            ValueError: A text is too long.
        """
        ...

    def change_search(self, search: SavedSearch) -> SavedSearch | None:
        """Replace name, query, sort and visibility; None if this person has none of this id."""
        ...

    def delete_search(self, search_id: int, *, organization_id: int, user_id: int) -> bool:
        """Delete a person's own search; tell whether there was one."""
        ...
