"""What build tools upload: chunks, uploads, where they count, and the files in them (ADR 0012)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in columns of exactly this type.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_chunks()
    _make_uploads()
    _make_places()
    _make_files()


def _owner(table: str, name: str, target: str) -> tuple[sa.Column[int], sa.Constraint]:
    return (
        sa.Column(name, ROW_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            [name], [f"{target}.{name}"], name=f"fk_{table}_{name}", ondelete="CASCADE"
        ),
    )


def _make_chunks() -> None:
    op.create_table(
        "upload_chunks",
        *_owner("upload_chunks", "organization_id", "organizations"),
        sa.Column("sha1", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("stored_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "sha1", name="pk_upload_chunks"),
    )


def _make_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("upload_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("uploads", "organization_id", "organizations"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", name="pk_uploads"),
        sa.UniqueConstraint(
            "organization_id",
            "kind",
            "checksum",
            "name",
            name="uq_uploads_organization_id_kind_checksum_name",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_uploads_organization_id", "uploads", ["organization_id"])
    op.create_table(
        "upload_parts",
        *_owner("upload_parts", "upload_id", "uploads"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", ROW_ID, nullable=False),
        sa.Column("sha1", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "number", name="pk_upload_parts"),
        sa.ForeignKeyConstraint(
            ["organization_id", "sha1"],
            ["upload_chunks.organization_id", "upload_chunks.sha1"],
            name="fk_upload_parts_organization_id_sha1",
        ),
    )
    op.create_index(
        "ix_upload_parts_organization_id_sha1", "upload_parts", ["organization_id", "sha1"]
    )


def _make_places() -> None:
    op.create_table(
        "upload_places",
        *_owner("upload_places", "upload_id", "uploads"),
        *_owner("upload_places", "project_id", "projects"),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("dist", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "upload_id", "project_id", "release", "dist", name="pk_upload_places"
        ),
    )
    op.create_index(
        "ix_upload_places_project_id_release", "upload_places", ["project_id", "release"]
    )


def _make_files() -> None:
    op.create_table(
        "uploaded_files",
        sa.Column("file_id", ROW_ID, autoincrement=True, nullable=False),
        *_owner("uploaded_files", "upload_id", "uploads"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("debug_id", sa.Text(), nullable=False),
        sa.Column("source_map", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("packed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("packing", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", name="pk_uploaded_files"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_uploaded_files_upload_id_url", "uploaded_files", ["upload_id", "url"])
    op.create_index("ix_uploaded_files_debug_id", "uploaded_files", ["debug_id"])
