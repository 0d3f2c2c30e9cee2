"""Who owns a hash, in SQL."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from vedette.model.issue import Decision, Issue
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.issue_desk import hold_issues
from vedette.storage.metadata.issue_intake import (
    hold_counters,
    write_activities,
    write_counters,
    write_issues,
)
from vedette.storage.metadata.issue_joins_port import DiscardedGroup, ForgottenGroup
from vedette.storage.metadata.issue_rows import row_of_issue
from vedette.storage.metadata.projects import count_change
from vedette.storage.metadata.tables_issues import (
    discarded_hashes,
    forgotten_groups,
    issue_activities,
    issue_bookmarks,
    issue_hashes,
    issue_subscriptions,
    issues,
    merged_issues,
)
from vedette.storage.metadata.upsert import upsert

_MARKS: Final = (issue_bookmarks, issue_subscriptions)


class SqlIssueJoins:
    """The IssueJoins face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def merge_issues(
        self,
        target_id: int,
        other_ids: Sequence[int],
        *,
        project_ids: Sequence[int],
        decide: Callable[[Issue, Sequence[Issue]], Decision],
    ) -> Issue | None:
        """Let one issue take over others of its project; see the port."""
        with self._database.writing() as connection:
            held = hold_issues(connection, [target_id, *other_ids], project_ids)
            target = next((each for each in held if each.issue_id == target_id), None)
            if target is None:
                return None
            project_id = target.project_id
            others = [
                each
                for each in held
                if each.issue_id != target_id and each.project_id == project_id
            ]
            if not others:
                return None
            decision = decide(target, others)
            _take_over(connection, target_id, others)
            write_issues(connection, [decision.issue])
            write_activities(connection, [decision])
            return decision.issue

    def part_issue(
        self,
        issue_id: int,
        hashes: Sequence[str],
        *,
        project_ids: Sequence[int],
        decide: Callable[[Issue], tuple[Decision, Decision]],
    ) -> tuple[Issue, Issue] | None:
        """Take hashes out of an issue into a new one; see the port."""
        with self._database.writing() as connection:
            held = hold_issues(connection, [issue_id], project_ids)
            if not held:
                return None
            own = _own_hashes(connection, issue_id)
            leaving = [each for each in dict.fromkeys(hashes) if each in own]
            if not leaving or len(leaving) == len(own):
                return None
            old, new = decide(held[0])
            made = _add_issue(connection, new.issue)
            connection.execute(
                update(issue_hashes)
                .where(issue_hashes.c.issue_id == issue_id, issue_hashes.c.came_with.in_(leaving))
                .values(issue_id=made.issue_id)
            )
            write_issues(connection, [old.issue])
            write_activities(connection, [old, replace(new, issue=made)])
            return old.issue, made

    def discarded_groups(self, project_id: int) -> Sequence[DiscardedGroup]:
        """Return what is not kept of a project; see the port."""
        question = (
            select(discarded_hashes)
            .where(discarded_hashes.c.project_id == rules.row_id(project_id))
            .order_by(discarded_hashes.c.discarded_ns.desc(), discarded_hashes.c.hash)
        )
        with self._database.reading() as connection:
            return [DiscardedGroup(**row) for row in connection.execute(question).mappings()]

    def keep_again(self, project_id: int, hashes: Sequence[str]) -> int:
        """Take hashes back from what is not kept; see the port."""
        change = delete(discarded_hashes).where(
            discarded_hashes.c.project_id == rules.row_id(project_id),
            discarded_hashes.c.hash.in_(hashes),
        )
        with self._database.writing() as connection:
            count = connection.execute(change).rowcount
            if count:
                count_change(connection)
            return count

    def forgotten_groups(self, *, row_count_max: int) -> Sequence[ForgottenGroup]:
        """Return groups whose events are still to be deleted; see the port."""
        question = select(forgotten_groups).order_by(forgotten_groups.c.entry_id)
        with self._database.reading() as connection:
            rows = connection.execute(question.limit(row_count_max))
            return [ForgottenGroup(**row) for row in rows.mappings()]

    def forgotten(self, entry_ids: Sequence[int]) -> None:
        """Note that the events of these are deleted; see the port."""
        with self._database.writing() as connection:
            connection.execute(
                delete(forgotten_groups).where(forgotten_groups.c.entry_id.in_(entry_ids))
            )


def _take_over(connection: Connection, target_id: int, others: Sequence[Issue]) -> None:
    ids = [each.issue_id for each in others]
    for table in (issue_hashes, merged_issues):
        connection.execute(
            update(table).where(table.c.issue_id.in_(ids)).values(issue_id=target_id)
        )
    # What people wrote comes along; the rest of the others' feeds would be no sense in this one.
    connection.execute(
        update(issue_activities)
        .where(issue_activities.c.issue_id.in_(ids), issue_activities.c.type == "note")
        .values(issue_id=target_id)
    )
    for marks in _MARKS:
        found = connection.execute(select(marks).where(marks.c.issue_id.in_(ids))).mappings()
        rows = {row["user_id"]: {**row, "issue_id": target_id} for row in found}
        if rows:
            upsert(connection, marks, list(rows.values()), key=["issue_id", "user_id"])
    connection.execute(
        insert(merged_issues),
        [
            {
                "former_id": each.issue_id,
                "project_id": each.project_id,
                "former_number": each.number,
                "issue_id": target_id,
            }
            for each in others
        ],
    )
    connection.execute(delete(issues).where(issues.c.issue_id.in_(ids)))


def _own_hashes(connection: Connection, issue_id: int) -> set[str]:
    question = select(issue_hashes.c.hash).where(
        issue_hashes.c.issue_id == issue_id, issue_hashes.c.hash == issue_hashes.c.came_with
    )
    return set(connection.execute(question).scalars())


def _add_issue(connection: Connection, issue: Issue) -> Issue:
    last_numbers = hold_counters(connection, [issue.project_id])
    last_numbers[issue.project_id] += 1
    write_counters(connection, last_numbers)
    numbered = replace(issue, number=last_numbers[issue.project_id])
    made = connection.execute(
        insert(issues).values(row_of_issue(numbered)).returning(issues.c.issue_id)
    )
    return replace(numbered, issue_id=made.scalar_one())
