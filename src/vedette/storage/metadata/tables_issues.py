"""The tables of issues: what they are, the hashes they own, and what people did with them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from vedette.storage.metadata.tables import ROW_ID, metadata, numbered, owned_by
from vedette.storage.metadata.tables_releases import part_of_key

issues: Final = Table(
    "issues",
    metadata,
    numbered("issue_id"),
    Column(
        "project_id", ROW_ID, ForeignKey("projects.project_id", ondelete="CASCADE"), nullable=False
    ),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("culprit", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("logger", Text, nullable=False),
    Column("error_type", Text, nullable=False),
    Column("error_value", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("is_unhandled", Boolean, nullable=False),
    Column("first_seen_ns", BigInteger, nullable=False),
    Column("last_seen_ns", BigInteger, nullable=False),
    Column("times_seen", BigInteger, nullable=False),
    Column("first_release", Text, nullable=False),
    Column("last_release", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("substatus", Text),
    Column("status_since_ns", BigInteger, nullable=False),
    Column("wake_ns", BigInteger),
    Column("priority", Text, nullable=False),
    Column("priority_rank", Integer, nullable=False),
    Column("priority_is_set", Boolean, nullable=False),
    Column("assigned_to", ROW_ID, ForeignKey("users.user_id", ondelete="SET NULL")),
    Column("resolution", Text),
    Column("archive", Text),
    Column("regressed_in", Text, nullable=False),
    UniqueConstraint("project_id", "number"),
    Index("ix_issues_project_id_last_seen_ns", "project_id", "last_seen_ns"),
    Index("ix_issues_wake_ns", "wake_ns"),
    sqlite_autoincrement=True,
)
"""`resolution` and `archive` are JSON text."""

issue_counters: Final = Table(
    "issue_counters",
    metadata,
    part_of_key("project_id", "projects.project_id"),
    Column("last_number", BigInteger, nullable=False),
)
"""How many issues a project ever had. Whoever adds issues holds the row until it is done."""

issue_hashes: Final = Table(
    "issue_hashes",
    metadata,
    part_of_key("project_id", "projects.project_id"),
    Column("hash", Text, primary_key=True),
    owned_by("issue_id", "issues.issue_id"),
    Column("came_with", Text, nullable=False),
)
"""`came_with` is the group's own hash, with which this one came: they stay together."""

discarded_hashes: Final = Table(
    "discarded_hashes",
    metadata,
    part_of_key("project_id", "projects.project_id"),
    Column("hash", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("user_id", ROW_ID, ForeignKey("users.user_id", ondelete="SET NULL")),
    Column("discarded_ns", BigInteger, nullable=False),
)
"""Groups of which no event shall be kept any more."""

forgotten_groups: Final = Table(
    "forgotten_groups",
    metadata,
    numbered("entry_id"),
    owned_by("project_id", "projects.project_id"),
    Column("hash", Text, nullable=False),
    Column("forgotten_ns", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
"""Groups whose issue was deleted, for as long as their events are still there."""

merged_issues: Final = Table(
    "merged_issues",
    metadata,
    Column("former_id", ROW_ID, primary_key=True, autoincrement=False),
    Column("project_id", ROW_ID, nullable=False),
    Column("former_number", BigInteger, nullable=False),
    owned_by("issue_id", "issues.issue_id"),
    UniqueConstraint("project_id", "former_number"),
)
"""Where the issues went that were merged into others: their addresses stay good."""

issue_activities: Final = Table(
    "issue_activities",
    metadata,
    numbered("activity_id"),
    owned_by("issue_id", "issues.issue_id"),
    Column("type", Text, nullable=False),
    Column("time_ns", BigInteger, nullable=False),
    Column("user_id", ROW_ID, ForeignKey("users.user_id", ondelete="SET NULL")),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""`data` is JSON text. Comments are entries too."""

issue_bookmarks: Final = Table(
    "issue_bookmarks",
    metadata,
    part_of_key("issue_id", "issues.issue_id"),
    part_of_key("user_id", "users.user_id"),
)

issue_subscriptions: Final = Table(
    "issue_subscriptions",
    metadata,
    part_of_key("issue_id", "issues.issue_id"),
    part_of_key("user_id", "users.user_id"),
    Column("is_active", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
)
"""A row that is not active says that somebody wants to hear no more."""

issue_visits: Final = Table(
    "issue_visits",
    metadata,
    part_of_key("issue_id", "issues.issue_id"),
    part_of_key("user_id", "users.user_id"),
    Column("seen_ns", BigInteger, nullable=False),
)
"""Who looked at an issue, and when last."""

saved_searches: Final = Table(
    "saved_searches",
    metadata,
    numbered("search_id"),
    owned_by("organization_id", "organizations.organization_id"),
    owned_by("user_id", "users.user_id"),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
