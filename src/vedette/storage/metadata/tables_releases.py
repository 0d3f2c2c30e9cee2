"""The tables of releases, commits, deploys and environments; migrations/ makes them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from vedette.storage.metadata.tables import ROW_ID, metadata, numbered, owned_by


def part_of_key(name: str, column: str) -> Column[int]:
    """Return a column of the primary key that names the owner; with the owner goes the row."""
    return Column(
        name,
        ROW_ID,
        ForeignKey(column, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


releases: Final = Table(
    "releases",
    metadata,
    numbered("release_id"),
    owned_by("organization_id", "organizations.organization_id"),
    Column("version", Text, nullable=False),
    Column("package", Text, nullable=False),
    # Bytes that sort as numbered versions do; empty for versions that have no numbers.
    Column("semver_key", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("started_ns", BigInteger),
    Column("released_ns", BigInteger),
    UniqueConstraint("organization_id", "version"),
    sqlite_autoincrement=True,
)

release_projects: Final = Table(
    "release_projects",
    metadata,
    part_of_key("release_id", "releases.release_id"),
    part_of_key("project_id", "projects.project_id"),
    Column("first_event_ns", BigInteger),
    Column("last_event_ns", BigInteger),
    Index("ix_release_projects_project_id", "project_id"),
)

release_environments: Final = Table(
    "release_environments",
    metadata,
    part_of_key("release_id", "releases.release_id"),
    part_of_key("project_id", "projects.project_id"),
    Column("environment", Text, primary_key=True),
    Column("first_seen_ns", BigInteger, nullable=False),
    Column("last_seen_ns", BigInteger, nullable=False),
    Index("ix_release_environments_project_id", "project_id"),
)

environments: Final = Table(
    "environments",
    metadata,
    numbered("environment_id"),
    owned_by("project_id", "projects.project_id"),
    Column("name", Text, nullable=False),
    Column("is_hidden", Boolean, nullable=False),
    Column("first_seen_ns", BigInteger, nullable=False),
    UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,
)

deploys: Final = Table(
    "deploys",
    metadata,
    numbered("deploy_id"),
    owned_by("release_id", "releases.release_id"),
    Column("environment", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("started_ns", BigInteger),
    Column("finished_ns", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

repositories: Final = Table(
    "repositories",
    metadata,
    numbered("repository_id"),
    owned_by("organization_id", "organizations.organization_id"),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    UniqueConstraint("organization_id", "name"),
    sqlite_autoincrement=True,
)

commits: Final = Table(
    "commits",
    metadata,
    numbered("commit_id"),
    owned_by("repository_id", "repositories.repository_id"),
    Column("sha", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("author_email", Text, nullable=False),
    Column("time_ns", BigInteger, nullable=False),
    UniqueConstraint("repository_id", "sha"),
    sqlite_autoincrement=True,
)

commit_files: Final = Table(
    "commit_files",
    metadata,
    part_of_key("commit_id", "commits.commit_id"),
    Column("path", Text, primary_key=True),
    # The last part of the path, by which frames of a stack trace are looked up.
    Column("base_name", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
)

release_commits: Final = Table(
    "release_commits",
    metadata,
    part_of_key("release_id", "releases.release_id"),
    part_of_key("commit_id", "commits.commit_id"),
    # 0 is the newest.
    Column("position", Integer, nullable=False),
    Index("ix_release_commits_commit_id", "commit_id"),
)

release_heads: Final = Table(
    "release_heads",
    metadata,
    part_of_key("release_id", "releases.release_id"),
    part_of_key("repository_id", "repositories.repository_id"),
    Column("sha", Text, nullable=False),
    Index("ix_release_heads_repository_id", "repository_id"),
)
