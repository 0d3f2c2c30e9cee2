"""What releases brought: issues that began in them and issues that came back, in SQL."""

from collections.abc import Sequence

from sqlalchemy import Column, func, select

from vedette.model.release import IssuesOfRelease
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.tables_issues import issues


class SqlReleaseIssues:
    """The part of the Releases face that knows of issues."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issues_of_releases(
        self, *, project_ids: Sequence[int], versions: Sequence[str]
    ) -> dict[tuple[int, str], IssuesOfRelease]:
        """Return how many issues began and came back in each release of each project."""
        new = self._counts(issues.c.first_release, project_ids, versions)
        regressed = self._counts(issues.c.regressed_in, project_ids, versions)
        return {
            place: IssuesOfRelease(new.get(place, 0), regressed.get(place, 0))
            for place in new.keys() | regressed.keys()
        }

    def _counts(
        self, release: Column[str], project_ids: Sequence[int], versions: Sequence[str]
    ) -> dict[tuple[int, str], int]:
        named = [
            rules.keepable(each) for each in versions if 0 < len(each) <= rules.TEXT_LENGTH_MAX
        ]
        question = (
            select(issues.c.project_id, release, func.count())
            .where(
                issues.c.project_id.in_([rules.row_id(each) for each in project_ids]),
                release.in_(named),
            )
            .group_by(issues.c.project_id, release)
        )
        with self._database.reading() as connection:
            return {
                (project_id, version): count
                for project_id, version, count in connection.execute(question)
            }
