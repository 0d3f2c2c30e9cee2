"""Teams in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from vedette.model.team import Team
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.tables import projects
from vedette.storage.metadata.tables_teams import team_projects, teams
from vedette.storage.metadata.upsert import upsert


class SqlTeams:
    """The part of the Administration face that knows teams."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def teams(self, organization_id: int) -> Sequence[Team]:
        """Return the teams of an organization, oldest first."""
        question = (
            select(teams)
            .where(teams.c.organization_id == rules.row_id(organization_id))
            .order_by(teams.c.team_id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(question).mappings().all()
            return [_team(connection, row) for row in rows]

    def create_team(self, *, organization_id: int, slug: str, name: str, created_ns: int) -> Team:
        """Add a team without projects."""
        facts = {
            "organization_id": rules.row_id(organization_id),
            "slug": rules.keepable(slug),
            "name": rules.keepable(name),
            "created_ns": created_ns,
        }
        with self._database.writing(
            taken=f"there is a team {slug!r}", owner=f"no organization {organization_id}"
        ) as connection:
            row = connection.execute(insert(teams).values(facts).returning(teams))
            return Team(**row.mappings().one())

    def change_team(self, *, team_id: int, slug: str | None, name: str | None) -> Team:
        """Change a team; None leaves a thing as it is."""
        given = {"slug": slug, "name": name}
        changes = {key: rules.keepable(text) for key, text in given.items() if text is not None}
        is_it = teams.c.team_id == rules.row_id(team_id)
        with self._database.writing(taken=f"there is a team {slug!r}") as connection:
            if changes:
                connection.execute(update(teams).where(is_it).values(changes))
            row = connection.execute(select(teams).where(is_it)).mappings().one_or_none()
            if row is None:
                raise OwnerMissing(f"no team {team_id}")
            return _team(connection, row)

    def delete_team(self, team_id: int) -> None:
        """Take a team away; its projects stay."""
        with self._database.writing() as connection:
            connection.execute(delete(teams).where(teams.c.team_id == rules.row_id(team_id)))

    def set_team_project(self, *, team_id: int, project_id: int, is_in: bool) -> None:
        """Put a project of the same organization into a team, or take it out."""
        place = {"team_id": rules.row_id(team_id), "project_id": rules.row_id(project_id)}
        both = (
            select(teams.c.team_id)
            .join(projects, projects.c.organization_id == teams.c.organization_id)
            .where(
                teams.c.team_id == place["team_id"], projects.c.project_id == place["project_id"]
            )
        )
        with self._database.writing(owner=f"no team {team_id}") as connection:
            if connection.execute(both).first() is None:
                raise OwnerMissing(f"no team {team_id} beside a project {project_id}")
            if is_in:
                upsert(connection, team_projects, [place], key=("team_id", "project_id"))
            else:
                is_bond = [team_projects.c[name] == value for name, value in place.items()]
                connection.execute(delete(team_projects).where(*is_bond))


def _team(connection: Connection, row: RowMapping) -> Team:
    question = select(team_projects.c.project_id).where(team_projects.c.team_id == row["team_id"])
    return Team(**row, project_ids=frozenset(connection.execute(question).scalars()))
