"""Releases, commits, deploys and environments."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in columns of exactly this type.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_releases()
    _make_places()
    _make_commits()
    _make_bonds()


def _owner(table: str, name: str, target: str) -> tuple[sa.Column[int], sa.Constraint]:
    return (
        sa.Column(name, ROW_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            [name], [f"{target}.{name}"], name=f"fk_{table}_{name}", ondelete="CASCADE"
        ),
    )


def _make_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("release_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("releases", "organization_id", "organizations"),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("semver_key", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("started_ns", sa.BigInteger()),
        sa.Column("released_ns", sa.BigInteger()),
        sa.PrimaryKeyConstraint("release_id", name="pk_releases"),
        sa.UniqueConstraint(
            "organization_id", "version", name="uq_releases_organization_id_version"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_releases_organization_id", "releases", ["organization_id"])
    op.create_table(
        "release_projects",
        *_owner("release_projects", "release_id", "releases"),
        *_owner("release_projects", "project_id", "projects"),
        sa.Column("first_event_ns", sa.BigInteger()),
        sa.Column("last_event_ns", sa.BigInteger()),
        sa.PrimaryKeyConstraint("release_id", "project_id", name="pk_release_projects"),
    )
    op.create_index("ix_release_projects_project_id", "release_projects", ["project_id"])
    op.create_table(
        "release_environments",
        *_owner("release_environments", "release_id", "releases"),
        *_owner("release_environments", "project_id", "projects"),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("first_seen_ns", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id", "project_id", "environment", name="pk_release_environments"
        ),
    )
    op.create_index("ix_release_environments_project_id", "release_environments", ["project_id"])


def _make_places() -> None:
    op.create_table(
        "environments",
        sa.Column("environment_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("environments", "project_id", "projects"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("first_seen_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("environment_id", name="pk_environments"),
        sa.UniqueConstraint("project_id", "name", name="uq_environments_project_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_environments_project_id", "environments", ["project_id"])
    op.create_table(
        "deploys",
        sa.Column("deploy_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("deploys", "release_id", "releases"),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("started_ns", sa.BigInteger()),
        sa.Column("finished_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("deploy_id", name="pk_deploys"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deploys_release_id", "deploys", ["release_id"])


def _make_commits() -> None:
    op.create_table(
        "repositories",
        sa.Column("repository_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("repositories", "organization_id", "organizations"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name="pk_repositories"),
        sa.UniqueConstraint("organization_id", "name", name="uq_repositories_organization_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_repositories_organization_id", "repositories", ["organization_id"])
    op.create_table(
        "commits",
        sa.Column("commit_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("commits", "repository_id", "repositories"),
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_email", sa.Text(), nullable=False),
        sa.Column("time_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("commit_id", name="pk_commits"),
        sa.UniqueConstraint("repository_id", "sha", name="uq_commits_repository_id_sha"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_commits_repository_id", "commits", ["repository_id"])
    op.create_table(
        "commit_files",
        *_owner("commit_files", "commit_id", "commits"),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("base_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commit_id", "path", name="pk_commit_files"),
    )
    op.create_index("ix_commit_files_base_name", "commit_files", ["base_name"])


def _make_bonds() -> None:
    op.create_table(
        "release_commits",
        *_owner("release_commits", "release_id", "releases"),
        *_owner("release_commits", "commit_id", "commits"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "commit_id", name="pk_release_commits"),
    )
    op.create_index("ix_release_commits_commit_id", "release_commits", ["commit_id"])
    op.create_table(
        "release_heads",
        *_owner("release_heads", "release_id", "releases"),
        *_owner("release_heads", "repository_id", "repositories"),
        sa.Column("sha", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "repository_id", name="pk_release_heads"),
    )
    op.create_index("ix_release_heads_repository_id", "release_heads", ["repository_id"])
