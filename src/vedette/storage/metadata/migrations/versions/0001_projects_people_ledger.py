"""The first tables: projects, people, and how far the digester is (ADR 0005)."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in columns of exactly this type.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_projects()
    _make_keys()
    _make_people()
    _make_passes()
    _make_ledger()


def _owner(table: str, name: str, target: str) -> tuple[sa.Column[int], sa.Constraint]:
    return (
        sa.Column(name, ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            [name], [f"{target}.{name}"], name=f"fk_{table}_{name}", ondelete="CASCADE"
        ),
    )


def _make_projects() -> None:
    op.create_table(
        "organizations",
        sa.Column("organization_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name="pk_organizations"),
        sa.UniqueConstraint("slug", name="uq_organizations_slug"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "projects",
        sa.Column("project_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("projects", "organization_id", "organizations"),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_projects"),
        sa.UniqueConstraint("organization_id", "slug", name="uq_projects_organization_id_slug"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_projects_organization_id", "projects", ["organization_id"])
    changes = op.create_table(
        "project_changes",
        sa.Column("only_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("only_row", name="pk_project_changes"),
        sa.CheckConstraint("only_row = 1", name="ck_project_changes_only_row"),
    )
    op.execute(sa.insert(changes).values(only_row=1, version=1))


def _make_keys() -> None:
    op.create_table(
        "project_keys",
        sa.Column("key_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("project_keys", "project_id", "projects"),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_project_keys"),
        sa.UniqueConstraint("public_key", name="uq_project_keys_public_key"),
        sa.UniqueConstraint("project_id", "key_id", name="uq_project_keys_project_id_key_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_project_keys_project_id", "project_keys", ["project_id"])
    op.create_table(
        "quotas",
        sa.Column("quota_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("quotas", "project_id", "projects"),
        sa.Column("key_id", ROW_ID),
        sa.Column("category", sa.Text()),
        sa.Column("item_count_max", sa.BigInteger(), nullable=False),
        sa.Column("window_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("quota_id", name="pk_quotas"),
        sa.ForeignKeyConstraint(
            ["project_id", "key_id"],
            ["project_keys.project_id", "project_keys.key_id"],
            name="fk_quotas_project_id_key_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quotas_project_id", "quotas", ["project_id"])


def _make_people() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tokens",
        sa.Column("token_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("tokens", "user_id", "users"),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("last_used_ns", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token_id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"])


def _make_passes() -> None:
    for table in ("logins", "browser_sessions"):
        op.create_table(
            table,
            sa.Column("secret_hash", sa.Text(), nullable=False),
            *_owner(table, "user_id", "users"),
            sa.Column("expires_ns", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("secret_hash", name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def _make_ledger() -> None:
    op.create_table(
        "digest_journals",
        sa.Column("journal_id", sa.Text(), nullable=False),
        sa.Column("finished_up_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("journal_id", name="pk_digest_journals"),
    )
    op.create_table(
        "digest_ranges",
        sa.Column("journal_id", sa.Text(), nullable=False),
        sa.Column("first_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("journal_id", "first_sequence", name="pk_digest_ranges"),
        sa.ForeignKeyConstraint(
            ["journal_id"],
            ["digest_journals.journal_id"],
            name="fk_digest_ranges_journal_id",
            ondelete="CASCADE",
        ),
    )
