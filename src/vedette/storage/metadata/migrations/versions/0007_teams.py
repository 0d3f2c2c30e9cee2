"""Teams."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in columns of exactly this type.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "teams",
        sa.Column("team_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("teams", "organization_id", "organizations"),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_teams"),
        sa.UniqueConstraint("organization_id", "slug", name="uq_teams_organization_id_slug"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_teams_organization_id", "teams", ["organization_id"])
    op.create_table(
        "team_projects",
        *_owner("team_projects", "team_id", "teams"),
        *_owner("team_projects", "project_id", "projects"),
        sa.PrimaryKeyConstraint("team_id", "project_id", name="pk_team_projects"),
    )
    op.create_index("ix_team_projects_project_id", "team_projects", ["project_id"])


def _owner(table: str, name: str, target: str) -> tuple[sa.Column[int], sa.Constraint]:
    return (
        sa.Column(name, ROW_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            [name], [f"{target}.{name}"], name=f"fk_{table}_{name}", ondelete="CASCADE"
        ),
    )
