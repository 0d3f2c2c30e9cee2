"""What happened to issues, and what people wrote about them, in SQL."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, func, insert, select, true, union, update

from vedette.model.issue import Activity, ActivityType
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.issue_feed_port import COMMENT_LENGTH_MAX
from vedette.storage.metadata.issue_rows import activity_of_row
from vedette.storage.metadata.tables_issues import (
    issue_activities,
    issue_subscriptions,
    issues,
)

_IS_COMMENT = issue_activities.c.type == ActivityType.NOTE.value


class SqlIssueFeed:
    """The IssueFeed face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def activities(
        self, issue_id: int, *, row_count_max: int, row_offset: int = 0
    ) -> Sequence[Activity]:
        """Return entries, the latest first; see the port."""
        return self._page(issue_id, true(), row_count_max, row_offset)

    def comments(
        self, issue_id: int, *, row_count_max: int, row_offset: int = 0
    ) -> Sequence[Activity]:
        """Return what people wrote, the latest first; see the port."""
        return self._page(issue_id, _IS_COMMENT, row_count_max, row_offset)

    def comment_counts(self, issue_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many comments each issue has; see the port."""
        question = (
            select(issue_activities.c.issue_id, func.count().label("comment_count"))
            .where(_IS_COMMENT, issue_activities.c.issue_id.in_(issue_ids))
            .group_by(issue_activities.c.issue_id)
        )
        with self._database.reading() as connection:
            return {row.issue_id: row.comment_count for row in connection.execute(question)}

    def add_comment(self, issue_id: int, *, user_id: int, text: str, now_ns: int) -> Activity:
        """Add a comment; see the port."""
        row = {
            "issue_id": rules.row_id(issue_id),
            "type": ActivityType.NOTE.value,
            "time_ns": now_ns,
            "user_id": rules.row_id(user_id),
            "data": _data(text),
        }
        change = insert(issue_activities).values(row).returning(issue_activities)
        with self._database.writing(owner="no such issue or person") as connection:
            return activity_of_row(connection.execute(change).mappings().one())

    def change_comment(
        self, issue_id: int, activity_id: int, *, user_id: int, text: str
    ) -> Activity | None:
        """Replace the text of a comment; see the port."""
        change = (
            update(issue_activities)
            .where(_is_comment(issue_id, activity_id), issue_activities.c.user_id == user_id)
            .values(data=_data(text))
            .returning(issue_activities)
        )
        with self._database.writing() as connection:
            row = connection.execute(change).mappings().one_or_none()
            return None if row is None else activity_of_row(row)

    def delete_comment(self, issue_id: int, activity_id: int, *, user_id: int | None) -> bool:
        """Delete a comment; see the port."""
        is_it = _is_comment(issue_id, activity_id)
        if user_id is not None:
            is_it &= issue_activities.c.user_id == user_id
        with self._database.writing() as connection:
            return connection.execute(delete(issue_activities).where(is_it)).rowcount > 0

    def participants(self, issue_id: int) -> Sequence[int]:
        """Return who has to do with an issue; see the port."""
        issue_id = rules.row_id(issue_id)
        wrote = select(issue_activities.c.user_id).where(
            _IS_COMMENT, issue_activities.c.issue_id == issue_id
        )
        subscribes = select(issue_subscriptions.c.user_id).where(
            issue_subscriptions.c.issue_id == issue_id, issue_subscriptions.c.is_active
        )
        is_assigned = select(issues.c.assigned_to).where(issues.c.issue_id == issue_id)
        with self._database.reading() as connection:
            found = connection.execute(union(wrote, subscribes, is_assigned)).scalars()
            return sorted(each for each in found if each is not None)

    def _page(
        self, issue_id: int, is_wanted: ColumnElement[bool], row_count_max: int, row_offset: int
    ) -> Sequence[Activity]:
        question = (
            select(issue_activities)
            .where(issue_activities.c.issue_id == rules.row_id(issue_id), is_wanted)
            .order_by(issue_activities.c.time_ns.desc(), issue_activities.c.activity_id.desc())
            .limit(row_count_max + 1)
            .offset(row_offset)
        )
        with self._database.reading() as connection:
            return [activity_of_row(row) for row in connection.execute(question).mappings()]


def _is_comment(issue_id: int, activity_id: int) -> ColumnElement[bool]:
    return (
        _IS_COMMENT
        & (issue_activities.c.issue_id == rules.row_id(issue_id))
        & (issue_activities.c.activity_id == rules.row_id(activity_id))
    )


def _data(text: str) -> str:
    if len(text) > COMMENT_LENGTH_MAX:
        raise ValueError(f"a comment has at most {COMMENT_LENGTH_MAX} characters")
    return json.dumps({"text": text})
