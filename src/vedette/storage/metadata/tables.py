"""The tables of the metadata, as SQLAlchemy knows them; migrations/ makes them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


# SQLite counts rows by itself only in columns of exactly this type.
ROW_ID: Final = BigInteger().with_variant(Integer(), "sqlite")


def numbered(name: str) -> Column[int]:
    """Return the column that counts rows from 1 and never uses a number again."""
    return Column(name, ROW_ID, primary_key=True, autoincrement=True)


def owned_by(name: str, column: str) -> Column[int]:
    """Return a column that names the owner of the row; with the owner goes the row."""
    return Column(name, ROW_ID, ForeignKey(column, ondelete="CASCADE"), nullable=False, index=True)


organizations: Final = Table(
    "organizations",
    metadata,
    numbered("organization_id"),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

projects: Final = Table(
    "projects",
    metadata,
    numbered("project_id"),
    owned_by("organization_id", "organizations.organization_id"),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    UniqueConstraint("organization_id", "slug"),
    sqlite_autoincrement=True,
)

project_keys: Final = Table(
    "project_keys",
    metadata,
    numbered("key_id"),
    owned_by("project_id", "projects.project_id"),
    Column("public_key", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    # What a quota points at: a key together with the project that owns it.
    UniqueConstraint("project_id", "key_id"),
    sqlite_autoincrement=True,
)

quotas: Final = Table(
    "quotas",
    metadata,
    numbered("quota_id"),
    owned_by("project_id", "projects.project_id"),
    Column("key_id", ROW_ID),
    Column("category", Text),
    Column("item_count_max", BigInteger, nullable=False),
    Column("window_s", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["project_id", "key_id"],
        ["project_keys.project_id", "project_keys.key_id"],
        ondelete="CASCADE",
    ),
    sqlite_autoincrement=True,
)

project_changes: Final = Table(
    "project_changes",
    metadata,
    Column("only_row", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    CheckConstraint("only_row = 1", name="only_row"),
)
"""One row that every change to the tables above counts up in its own transaction."""

users: Final = Table(
    "users",
    metadata,
    numbered("user_id"),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("password_hash", Text),
    Column("created_ns", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

tokens: Final = Table(
    "tokens",
    metadata,
    numbered("token_id"),
    owned_by("user_id", "users.user_id"),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("last_used_ns", BigInteger),
    sqlite_autoincrement=True,
)

logins: Final = Table(
    "logins",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    owned_by("user_id", "users.user_id"),
    Column("expires_ns", BigInteger, nullable=False),
)

browser_sessions: Final = Table(
    "browser_sessions",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    owned_by("user_id", "users.user_id"),
    Column("expires_ns", BigInteger, nullable=False),
)

digest_journals: Final = Table(
    "digest_journals",
    metadata,
    Column("journal_id", Text, primary_key=True),
    Column("finished_up_to", BigInteger, nullable=False),
)

digest_ranges: Final = Table(
    "digest_ranges",
    metadata,
    Column(
        "journal_id",
        Text,
        ForeignKey("digest_journals.journal_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("first_sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("last_sequence", BigInteger, nullable=False),
)
"""Planned and not finished; a finished range only moves `finished_up_to`."""
