"""What is still to be deleted of issues that are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "forgotten_groups",
        sa.Column("entry_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("project_id", ROW_ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("forgotten_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.project_id"],
            name="fk_forgotten_groups_project_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_forgotten_groups"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_forgotten_groups_project_id", "forgotten_groups", ["project_id"])
