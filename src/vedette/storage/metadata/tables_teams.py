"""The tables of teams; migrations/ makes them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint

from vedette.storage.metadata.tables import metadata, numbered, owned_by
from vedette.storage.metadata.tables_releases import part_of_key

teams: Final = Table(
    "teams",
    metadata,
    numbered("team_id"),
    owned_by("organization_id", "organizations.organization_id"),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    UniqueConstraint("organization_id", "slug"),
    sqlite_autoincrement=True,
)

team_projects: Final = Table(
    "team_projects",
    metadata,
    part_of_key("team_id", "teams.team_id"),
    part_of_key("project_id", "projects.project_id"),
    Index("ix_team_projects_project_id", "project_id"),
)
