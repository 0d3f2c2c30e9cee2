"""Searches that people keep, in SQL."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, RowMapping, delete, insert, select, update

from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.saved_searches_port import SavedSearch, Visibility
from vedette.storage.metadata.tables_issues import saved_searches


class SqlSavedSearches:
    """The SavedSearches face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def searches(self, organization_id: int, *, user_id: int) -> Sequence[SavedSearch]:
        """Return those that a person sees; see the port."""
        is_own = saved_searches.c.user_id == rules.row_id(user_id)
        is_shared = saved_searches.c.visibility == Visibility.ORGANIZATION.value
        question = (
            select(saved_searches)
            .where(
                saved_searches.c.organization_id == rules.row_id(organization_id),
                is_own | is_shared,
            )
            .order_by(saved_searches.c.name, saved_searches.c.search_id)
        )
        with self._database.reading() as connection:
            return [_search(row) for row in connection.execute(question).mappings()]

    def create_search(self, search: SavedSearch) -> SavedSearch:
        """Keep a search; see the port."""
        row = {
            "organization_id": rules.row_id(search.organization_id),
            "user_id": rules.row_id(search.user_id),
            "created_ns": search.created_ns,
            **_content(search),
        }
        change = insert(saved_searches).values(row).returning(saved_searches.c.search_id)
        with self._database.writing(owner="no such organization or person") as connection:
            return replace(search, search_id=connection.execute(change).scalar_one())

    def change_search(self, search: SavedSearch) -> SavedSearch | None:
        """Replace what a search says; see the port."""
        change = (
            update(saved_searches)
            .where(_is_own(search.search_id, search.organization_id, search.user_id))
            .values(_content(search))
            .returning(saved_searches)
        )
        with self._database.writing() as connection:
            row = connection.execute(change).mappings().one_or_none()
            return None if row is None else _search(row)

    def delete_search(self, search_id: int, *, organization_id: int, user_id: int) -> bool:
        """Delete a person's own search; see the port."""
        change = delete(saved_searches).where(_is_own(search_id, organization_id, user_id))
        with self._database.writing() as connection:
            return connection.execute(change).rowcount > 0


def _is_own(search_id: int, organization_id: int, user_id: int) -> ColumnElement[bool]:
    return (
        (saved_searches.c.search_id == rules.row_id(search_id))
        & (saved_searches.c.organization_id == rules.row_id(organization_id))
        & (saved_searches.c.user_id == rules.row_id(user_id))
    )


def _content(search: SavedSearch) -> dict[str, object]:
    return {
        "name": rules.keepable(search.name),
        "query": rules.keepable(search.query),
        "sort": rules.keepable(search.sort),
        "visibility": search.visibility.value,
    }


def _search(row: RowMapping) -> SavedSearch:
    return SavedSearch(**{**row, "visibility": Visibility(row["visibility"])})
