"""The tables of uploads: chunks, what is made of them, where it counts, and what is inside."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from vedette.storage.metadata.tables import ROW_ID, metadata, numbered, owned_by

upload_chunks: Final = Table(
    "upload_chunks",
    metadata,
    Column(
        "organization_id",
        ROW_ID,
        ForeignKey("organizations.organization_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sha1", Text, primary_key=True),
    Column("byte_count", BigInteger, nullable=False),
    Column("stored_ns", BigInteger, nullable=False),
)

uploads: Final = Table(
    "uploads",
    metadata,
    numbered("upload_id"),
    owned_by("organization_id", "organizations.organization_id"),
    Column("kind", Text, nullable=False),
    Column("checksum", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    UniqueConstraint("organization_id", "kind", "checksum", "name"),
    sqlite_autoincrement=True,
)

upload_parts: Final = Table(
    "upload_parts",
    metadata,
    Column(
        "upload_id",
        ROW_ID,
        ForeignKey("uploads.upload_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("organization_id", ROW_ID, nullable=False),
    Column("sha1", Text, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "sha1"], ["upload_chunks.organization_id", "upload_chunks.sha1"]
    ),
    Index("ix_upload_parts_organization_id_sha1", "organization_id", "sha1"),
)
"""Of which chunks an upload is made, in order. A chunk that is needed cannot go."""

upload_places: Final = Table(
    "upload_places",
    metadata,
    Column(
        "upload_id",
        ROW_ID,
        ForeignKey("uploads.upload_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "project_id",
        ROW_ID,
        ForeignKey("projects.project_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("release", Text, primary_key=True),
    Column("dist", Text, primary_key=True),
    Index("ix_upload_places_project_id_release", "project_id", "release"),
)

uploaded_files: Final = Table(
    "uploaded_files",
    metadata,
    numbered("file_id"),
    Column(
        "upload_id",
        ROW_ID,
        ForeignKey("uploads.upload_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("debug_id", Text, nullable=False),
    Column("source_map", Text, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("packed_bytes", BigInteger, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("packing", Text, nullable=False),
    Index("ix_uploaded_files_upload_id_url", "upload_id", "url"),
    Index("ix_uploaded_files_debug_id", "debug_id"),
    sqlite_autoincrement=True,
)
