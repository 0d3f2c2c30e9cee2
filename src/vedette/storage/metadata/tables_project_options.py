"""The table of what projects are set to."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Table, Text

from vedette.storage.metadata.tables import ROW_ID, metadata

project_options: Final = Table(
    "project_options",
    metadata,
    Column(
        "project_id",
        ROW_ID,
        ForeignKey("projects.project_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""`value` is JSON text: the same in every database, whatever it thinks of numbers and NUL."""
