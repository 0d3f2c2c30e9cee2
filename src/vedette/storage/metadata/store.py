"""The whole metadata store on SQLAlchemy: SQLite or PostgreSQL, chosen by URL."""

from sqlalchemy import select

from vedette.storage.metadata.administration import SqlAdministration
from vedette.storage.metadata.commits import SqlCommits
from vedette.storage.metadata.deploys import SqlDeploys
from vedette.storage.metadata.engine import Database, open_database
from vedette.storage.metadata.issue_book import SqlIssueBook
from vedette.storage.metadata.issue_desk import SqlIssueDesk
from vedette.storage.metadata.issue_feed import SqlIssueFeed
from vedette.storage.metadata.issue_intake import SqlIssueIntake
from vedette.storage.metadata.issue_joins import SqlIssueJoins
from vedette.storage.metadata.issue_marks import SqlIssueMarking
from vedette.storage.metadata.ledger import SqlLedger
from vedette.storage.metadata.people import SqlPeople
from vedette.storage.metadata.project_options import SqlProjectOptions
from vedette.storage.metadata.projects import SqlProjects
from vedette.storage.metadata.release_issues import SqlReleaseIssues
from vedette.storage.metadata.releases import SqlReleases
from vedette.storage.metadata.revisions import bring_up_to_date
from vedette.storage.metadata.saved_searches import SqlSavedSearches
from vedette.storage.metadata.tables import project_changes
from vedette.storage.metadata.teams import SqlTeams
from vedette.storage.metadata.uploaded_files import SqlUploadedFiles
from vedette.storage.metadata.uploads import SqlUploads


class SqlMetadata(
    SqlProjects,
    SqlProjectOptions,
    SqlPeople,
    SqlReleases,
    SqlReleaseIssues,
    SqlAdministration,
    SqlTeams,
    SqlDeploys,
    SqlCommits,
    SqlUploads,
    SqlUploadedFiles,
    SqlLedger,
    SqlIssueIntake,
    SqlIssueBook,
    SqlIssueDesk,
    SqlIssueJoins,
    SqlIssueFeed,
    SqlIssueMarking,
    SqlSavedSearches,
):
    """All faces over one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    def revision(self) -> int:
        """Return a number that differs after each change made here; see the port."""
        return self._database.change_count

    def check(self) -> None:
        """Return if the database answers."""
        with self._database.reading() as connection:
            connection.execute(select(project_changes.c.version)).one()

    def close(self) -> None:
        """Close every connection. May be called twice."""
        self._database.close()


def open_metadata(url: str) -> SqlMetadata:
    """Open, and make or migrate if need be, the metadata at a URL.

    Args:
        url: `sqlite:////path/to/file` (the folder must be there) or
            `postgresql://user:password@host:port/name`.

    Raises:
        ValueError: The URL names neither kind of database.
        MetadataTooNew: A newer version of Vedette migrated it.
        MetadataError: It cannot be opened; the text says why.
    """
    database = open_database(url)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return SqlMetadata(database)
