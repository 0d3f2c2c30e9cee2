"""What single people have with issues, in SQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.issue_marks_port import IssueMarks, IssueVisit
from vedette.storage.metadata.tables_issues import (
    issue_bookmarks,
    issue_subscriptions,
    issue_visits,
)
from vedette.storage.metadata.upsert import upsert

_KEY = ("issue_id", "user_id")
_NOBODY = "no such issue or person"


class SqlIssueMarking:
    """The IssueMarking face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_bookmarks(self, issue_ids: Sequence[int], *, user_id: int, is_bookmarked: bool) -> None:
        """Mark issues for a person; see the port."""
        rows = _rows(issue_ids, user_id)
        with self._database.writing(owner=_NOBODY) as connection:
            if is_bookmarked:
                upsert(connection, issue_bookmarks, rows, key=_KEY)
            else:
                connection.execute(
                    delete(issue_bookmarks).where(
                        issue_bookmarks.c.user_id == user_id,
                        issue_bookmarks.c.issue_id.in_(issue_ids),
                    )
                )

    def set_subscriptions(
        self, issue_ids: Sequence[int], *, user_id: int, is_active: bool, reason: str
    ) -> None:
        """Say whether a person hears of these issues; see the port."""
        rows = _rows(issue_ids, user_id, is_active=is_active, reason=rules.keepable(reason))
        with self._database.writing(owner=_NOBODY) as connection:
            upsert(
                connection,
                issue_subscriptions,
                rows,
                key=_KEY,
                change=lambda _, new: {"is_active": new("is_active"), "reason": new("reason")},
            )

    def subscribe_unless_asked(
        self, issue_ids: Sequence[int], *, user_id: int, reason: str
    ) -> None:
        """Subscribe a person who took part; see the port."""
        rows = _rows(issue_ids, user_id, is_active=True, reason=rules.keepable(reason))
        with self._database.writing(owner=_NOBODY) as connection:
            upsert(connection, issue_subscriptions, rows, key=_KEY)

    def set_seen(self, issue_ids: Sequence[int], *, user_id: int, seen_ns: int | None) -> None:
        """Note that a person looked at these issues; see the port."""
        with self._database.writing(owner=_NOBODY) as connection:
            if seen_ns is None:
                connection.execute(
                    delete(issue_visits).where(
                        issue_visits.c.user_id == user_id, issue_visits.c.issue_id.in_(issue_ids)
                    )
                )
                return
            upsert(
                connection,
                issue_visits,
                _rows(issue_ids, user_id, seen_ns=seen_ns),
                key=_KEY,
                change=lambda _, new: {"seen_ns": new("seen_ns")},
            )

    def marks_of(self, issue_ids: Sequence[int], *, user_id: int) -> Mapping[int, IssueMarks]:
        """Return what a person has with each of these issues; see the port."""
        bookmarked, subscribed, seen = (
            select(table).where(table.c.user_id == user_id, table.c.issue_id.in_(issue_ids))
            for table in (issue_bookmarks, issue_subscriptions, issue_visits)
        )
        with self._database.reading() as connection:
            bookmarks = {row.issue_id for row in connection.execute(bookmarked)}
            subscriptions = {row.issue_id: row for row in connection.execute(subscribed)}
            visits = {row.issue_id: row.seen_ns for row in connection.execute(seen)}
        return {
            each: IssueMarks(
                is_bookmarked=each in bookmarks,
                is_subscribed=subscriptions[each].is_active if each in subscriptions else None,
                subscription_reason=subscriptions[each].reason if each in subscriptions else "",
                seen_ns=visits.get(each),
            )
            for each in issue_ids
        }

    def visits(self, issue_id: int) -> Sequence[IssueVisit]:
        """Return who looked at an issue; see the port."""
        question = (
            select(issue_visits.c.user_id, issue_visits.c.seen_ns)
            .where(issue_visits.c.issue_id == rules.row_id(issue_id))
            .order_by(issue_visits.c.seen_ns.desc(), issue_visits.c.user_id)
        )
        with self._database.reading() as connection:
            return [IssueVisit(**row) for row in connection.execute(question).mappings()]

    def subscribers(self, issue_id: int) -> Sequence[int]:
        """Return who hears of an issue; see the port."""
        question = (
            select(issue_subscriptions.c.user_id)
            .where(
                issue_subscriptions.c.issue_id == rules.row_id(issue_id),
                issue_subscriptions.c.is_active,
            )
            .order_by(issue_subscriptions.c.user_id)
        )
        with self._database.reading() as connection:
            return list(connection.execute(question).scalars())


def _rows(issue_ids: Sequence[int], user_id: int, **more: object) -> list[dict[str, object]]:
    return [
        {"issue_id": rules.row_id(each), "user_id": rules.row_id(user_id), **more}
        for each in dict.fromkeys(issue_ids)
    ]
