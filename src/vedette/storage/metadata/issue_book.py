"""Issues as they are read, in SQL."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select

from vedette.model.issue import Issue
from vedette.model.issue_question import ISSUE_COUNT_MAX, IssueQuestion, IssueSort, OwnedHash
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.issue_book_port import IssueQuestionWrong
from vedette.storage.metadata.issue_conditions import condition_sql
from vedette.storage.metadata.issue_intake import chunks
from vedette.storage.metadata.issue_rows import issue_of_row
from vedette.storage.metadata.tables_issues import issue_hashes, issues, merged_issues

RowT = TypeVar("RowT", bound=tuple[object, ...])

ROW_OFFSET_MAX: Final = 1_000_000
_SORTS: Final = {
    IssueSort.LAST_SEEN: (issues.c.last_seen_ns,),
    IssueSort.FIRST_SEEN: (issues.c.first_seen_ns,),
    IssueSort.TIMES_SEEN: (issues.c.times_seen,),
    IssueSort.PRIORITY: (issues.c.priority_rank, issues.c.last_seen_ns),
    IssueSort.STATUS_SINCE: (issues.c.status_since_ns,),
}


class SqlIssueBook:
    """The IssueBook face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, issue_id: int, *, project_ids: Sequence[int]) -> Issue | None:
        """Return one issue; see the port."""
        issue_id = rules.row_id(issue_id)
        with self._database.reading() as connection:
            moved = select(merged_issues.c.issue_id).where(merged_issues.c.former_id == issue_id)
            found = connection.execute(moved).scalar_one_or_none()
            return _one(connection, issues.c.issue_id == (found or issue_id), project_ids)

    def issue_by_number(self, *, project_id: int, number: int) -> Issue | None:
        """Return the issue that is counted so in its project; see the port."""
        project_id, number = rules.row_id(project_id), rules.row_id(number)
        moved = select(merged_issues.c.issue_id).where(
            merged_issues.c.project_id == project_id, merged_issues.c.former_number == number
        )
        with self._database.reading() as connection:
            found = connection.execute(moved).scalar_one_or_none()
            is_it = issues.c.number == number if found is None else issues.c.issue_id == found
            return _one(connection, is_it, [project_id])

    def issues_by_id(
        self, issue_ids: Sequence[int], *, project_ids: Sequence[int]
    ) -> Sequence[Issue]:
        """Return those that there are; see the port."""
        found: dict[int, Issue] = {}
        with self._database.reading() as connection:
            for some in chunks(rules.row_id(each) for each in issue_ids):
                question = select(issues).where(
                    issues.c.issue_id.in_(some), issues.c.project_id.in_(project_ids)
                )
                for row in connection.execute(question).mappings():
                    found[row["issue_id"]] = issue_of_row(row)
        return [found[each] for each in dict.fromkeys(issue_ids) if each in found]

    def find_issues(self, question: IssueQuestion) -> Sequence[Issue]:
        """Return a page of issues; see the port."""
        if not question.project_ids:
            return ()
        page = _page(select(issues), question, question.row_count_max + 1)
        with self._database.reading() as connection:
            return [issue_of_row(row) for row in connection.execute(page).mappings()]

    def count_issues(self, question: IssueQuestion) -> int:
        """Return how many there are; see the port."""
        if not question.project_ids:
            return 0
        statement = (
            select(func.count())
            .select_from(issues)
            .where(issues.c.project_id.in_(question.project_ids), condition_sql(question.where))
        )
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one()

    def found_hashes(self, question: IssueQuestion) -> Sequence[tuple[int, int, str]]:
        """Return the own hashes of the issues of a page; see the port."""
        if not question.project_ids:
            return ()
        page = _page(select(issues.c.issue_id), question, question.row_count_max).subquery()
        statement = (
            select(issue_hashes.c.issue_id, issue_hashes.c.project_id, issue_hashes.c.hash)
            .join(page, page.c.issue_id == issue_hashes.c.issue_id)
            .where(issue_hashes.c.hash == issue_hashes.c.came_with)
        )
        with self._database.reading() as connection:
            return [
                (row.issue_id, row.project_id, row.hash) for row in connection.execute(statement)
            ]

    def hashes_of_issues(self, issue_ids: Sequence[int]) -> Mapping[int, Sequence[OwnedHash]]:
        """Return the hashes that each issue owns; see the port."""
        found: dict[int, list[OwnedHash]] = {each: [] for each in issue_ids}
        with self._database.reading() as connection:
            for some in chunks(rules.row_id(each) for each in found):
                question = (
                    select(issue_hashes)
                    .where(issue_hashes.c.issue_id.in_(some))
                    .order_by(issue_hashes.c.issue_id, issue_hashes.c.hash)
                )
                for row in connection.execute(question):
                    found[row.issue_id].append(OwnedHash(row.hash, row.came_with))
        return found

    def issue_ids_of_hashes(
        self, names: Sequence[tuple[int, str]]
    ) -> Mapping[tuple[int, str], int]:
        """Return the issue of each project's hash; see the port."""
        hashes_by_project: dict[int, list[str]] = {}
        for project_id, name in names:
            hashes_by_project.setdefault(rules.row_id(project_id), []).append(name)
        with self._database.reading() as connection:
            return {
                (project_id, row.hash): row.issue_id
                for project_id, hashes in hashes_by_project.items()
                for some in chunks(hashes)
                for row in connection.execute(
                    select(issue_hashes.c.hash, issue_hashes.c.issue_id).where(
                        issue_hashes.c.project_id == project_id, issue_hashes.c.hash.in_(some)
                    )
                )
            }


def _one(
    connection: Connection, is_it: ColumnElement[bool], project_ids: Sequence[int]
) -> Issue | None:
    question = select(issues).where(is_it, issues.c.project_id.in_(project_ids))
    row = connection.execute(question).mappings().one_or_none()
    return None if row is None else issue_of_row(row)


def _page(statement: Select[RowT], question: IssueQuestion, row_count_max: int) -> Select[RowT]:
    if not 1 <= question.row_count_max <= ISSUE_COUNT_MAX:
        raise IssueQuestionWrong(f"an answer has 1 to {ISSUE_COUNT_MAX} issues")
    if not 0 <= question.row_offset <= ROW_OFFSET_MAX:
        raise IssueQuestionWrong(f"pages end after {ROW_OFFSET_MAX} issues")
    # The id makes the order whole: pages neither repeat nor leave out an issue.
    keys = (*_SORTS[question.sort], issues.c.issue_id)
    return (
        statement.where(
            issues.c.project_id.in_(question.project_ids), condition_sql(question.where)
        )
        .order_by(*(each.asc() if question.is_ascending else each.desc() for each in keys))
        .limit(row_count_max)
        .offset(question.row_offset)
    )
