"""Issues: what errors become (ADR 0011)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_issues()
    _make_counters()
    _make_hashes()
    _make_feed()
    _make_marks()
    _make_searches()


def _make_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("issue_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("project_id", ROW_ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("culprit", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("logger", sa.Text(), nullable=False),
        sa.Column("error_type", sa.Text(), nullable=False),
        sa.Column("error_value", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("is_unhandled", sa.Boolean(), nullable=False),
        sa.Column("first_seen_ns", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_ns", sa.BigInteger(), nullable=False),
        sa.Column("times_seen", sa.BigInteger(), nullable=False),
        sa.Column("first_release", sa.Text(), nullable=False),
        sa.Column("last_release", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("substatus", sa.Text()),
        sa.Column("status_since_ns", sa.BigInteger(), nullable=False),
        sa.Column("wake_ns", sa.BigInteger()),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("priority_rank", sa.Integer(), nullable=False),
        sa.Column("priority_is_set", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", ROW_ID),
        sa.Column("resolution", sa.Text()),
        sa.Column("archive", sa.Text()),
        sa.Column("regressed_in", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["users.user_id"], name="fk_issues_assigned_to", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.project_id"], name="fk_issues_project_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", name="pk_issues"),
        sa.UniqueConstraint("project_id", "number", name="uq_issues_project_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_issues_project_id_last_seen_ns", "issues", ["project_id", "last_seen_ns"])
    op.create_index("ix_issues_wake_ns", "issues", ["wake_ns"])


def _make_counters() -> None:
    op.create_table(
        "issue_counters",
        sa.Column("project_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.project_id"],
            name="fk_issue_counters_project_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", name="pk_issue_counters"),
    )


def _make_hashes() -> None:
    op.create_table(
        "issue_hashes",
        sa.Column("project_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("issue_id", ROW_ID, nullable=False),
        sa.Column("came_with", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.issue_id"], name="fk_issue_hashes_issue_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.project_id"],
            name="fk_issue_hashes_project_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "hash", name="pk_issue_hashes"),
    )
    op.create_index("ix_issue_hashes_issue_id", "issue_hashes", ["issue_id"])
    op.create_table(
        "discarded_hashes",
        sa.Column("project_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("user_id", ROW_ID),
        sa.Column("discarded_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.project_id"],
            name="fk_discarded_hashes_project_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_discarded_hashes_user_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("project_id", "hash", name="pk_discarded_hashes"),
    )
    op.create_table(
        "merged_issues",
        sa.Column("former_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("project_id", ROW_ID, nullable=False),
        sa.Column("former_number", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.issue_id"], name="fk_merged_issues_issue_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("former_id", name="pk_merged_issues"),
        sa.UniqueConstraint(
            "project_id", "former_number", name="uq_merged_issues_project_id_former_number"
        ),
    )
    op.create_index("ix_merged_issues_issue_id", "merged_issues", ["issue_id"])


def _make_feed() -> None:
    op.create_table(
        "issue_activities",
        sa.Column("activity_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("issue_id", ROW_ID, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("time_ns", sa.BigInteger(), nullable=False),
        sa.Column("user_id", ROW_ID),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issues.issue_id"],
            name="fk_issue_activities_issue_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_issue_activities_user_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("activity_id", name="pk_issue_activities"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_issue_activities_issue_id", "issue_activities", ["issue_id"])


def _make_marks() -> None:
    op.create_table(
        "issue_bookmarks",
        sa.Column("issue_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ROW_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issues.issue_id"],
            name="fk_issue_bookmarks_issue_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_issue_bookmarks_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "user_id", name="pk_issue_bookmarks"),
    )
    op.create_table(
        "issue_subscriptions",
        sa.Column("issue_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issues.issue_id"],
            name="fk_issue_subscriptions_issue_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
            name="fk_issue_subscriptions_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", "user_id", name="pk_issue_subscriptions"),
    )
    op.create_table(
        "issue_visits",
        sa.Column("issue_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("seen_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.issue_id"], name="fk_issue_visits_issue_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_issue_visits_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "user_id", name="pk_issue_visits"),
    )


def _make_searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("search_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("organization_id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.organization_id"],
            name="fk_saved_searches_organization_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name="fk_saved_searches_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("search_id", name="pk_saved_searches"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_searches_organization_id", "saved_searches", ["organization_id"])
    op.create_index("ix_saved_searches_user_id", "saved_searches", ["user_id"])
