"""Changes of issues by people and by time, in SQL."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select

from vedette.model.issue import Decision, Issue
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.issue_desk_port import CHANGED_COUNT_MAX
from vedette.storage.metadata.issue_intake import write_activities, write_issues
from vedette.storage.metadata.issue_rows import issue_of_row
from vedette.storage.metadata.projects import count_change
from vedette.storage.metadata.tables_issues import (
    discarded_hashes,
    forgotten_groups,
    issue_hashes,
    issues,
)
from vedette.storage.metadata.upsert import upsert


class SqlIssueDesk:
    """The IssueDesk face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change_issues(
        self,
        issue_ids: Sequence[int],
        *,
        project_ids: Sequence[int],
        decide: Callable[[Issue], Decision],
    ) -> Sequence[Decision]:
        """Let `decide` say what becomes of issues; see the port."""
        with self._database.writing(owner="somebody of these is not there") as connection:
            held = hold_issues(connection, issue_ids, project_ids)
            decisions = [decide(each) for each in held]
            changed = [
                decision.issue
                for decision, before in zip(decisions, held, strict=True)
                if decision.issue != before
            ]
            if changed:
                write_issues(connection, changed)
            write_activities(connection, decisions)
            return decisions

    def due_issues(self, *, now_ns: int, row_count_max: int) -> Sequence[Issue]:
        """Return issues whose time has come; see the port."""
        question = (
            select(issues)
            .where(issues.c.wake_ns <= now_ns)
            .order_by(issues.c.wake_ns, issues.c.issue_id)
            .limit(row_count_max)
        )
        with self._database.reading() as connection:
            return [issue_of_row(row) for row in connection.execute(question).mappings()]

    def delete_issues(
        self, issue_ids: Sequence[int], *, project_ids: Sequence[int], now_ns: int
    ) -> int:
        """Forget issues; see the port."""
        with self._database.writing() as connection:
            return len(_forget(connection, issue_ids, project_ids, now_ns))

    def discard_issues(
        self,
        issue_ids: Sequence[int],
        *,
        project_ids: Sequence[int],
        user_id: int | None,
        now_ns: int,
    ) -> int:
        """Forget issues and keep none of their events from now on; see the port."""
        with self._database.writing(owner=f"no user {user_id}") as connection:
            held = {each.issue_id: each for each in hold_issues(connection, issue_ids, project_ids)}
            question = select(issue_hashes).where(issue_hashes.c.issue_id.in_(list(held)))
            rows = [
                {
                    "project_id": row.project_id,
                    "hash": row.hash,
                    "title": held[row.issue_id].title,
                    "user_id": user_id,
                    "discarded_ns": now_ns,
                }
                for row in connection.execute(question)
            ]
            if rows:
                upsert(connection, discarded_hashes, rows, key=["project_id", "hash"])
                count_change(connection)
            return len(_forget(connection, issue_ids, project_ids, now_ns))


def hold_issues(
    connection: Connection, issue_ids: Sequence[int], project_ids: Sequence[int]
) -> list[Issue]:
    """Return issues in the order of the ids, and keep others from changing them meanwhile.

    Raises:
        ValueError: Too many at once.
    """
    if len(issue_ids) > CHANGED_COUNT_MAX:
        raise ValueError(f"at most {CHANGED_COUNT_MAX} issues can be changed at once")
    # By id, so that two who hold some of the same issues wait for each other and never for ever.
    question = (
        select(issues)
        .where(
            issues.c.issue_id.in_([rules.row_id(each) for each in issue_ids]),
            issues.c.project_id.in_(project_ids),
        )
        .order_by(issues.c.issue_id)
        .with_for_update()
    )
    found = {row["issue_id"]: issue_of_row(row) for row in connection.execute(question).mappings()}
    return [found[each] for each in dict.fromkeys(issue_ids) if each in found]


def _forget(
    connection: Connection, issue_ids: Sequence[int], project_ids: Sequence[int], now_ns: int
) -> list[Issue]:
    held = hold_issues(connection, issue_ids, project_ids)
    ids = [each.issue_id for each in held]
    own = select(issue_hashes.c.project_id, issue_hashes.c.hash).where(
        issue_hashes.c.issue_id.in_(ids), issue_hashes.c.hash == issue_hashes.c.came_with
    )
    rows = [
        {"project_id": row.project_id, "hash": row.hash, "forgotten_ns": now_ns}
        for row in connection.execute(own)
    ]
    if rows:
        connection.execute(insert(forgotten_groups), rows)
    connection.execute(delete(issues).where(issues.c.issue_id.in_(ids)))
    return held
