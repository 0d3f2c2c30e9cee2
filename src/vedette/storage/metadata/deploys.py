"""Deploys and environments in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from vedette.model.release import Deploy, Environment
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.tables_releases import (
    deploys,
    environments,
    release_projects,
    releases,
)
from vedette.storage.metadata.upsert import upsert


class SqlDeploys:
    """The part of the Releases face that says where code runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_deploy(
        self,
        *,
        release_id: int,
        environment: str,
        name: str,
        url: str,
        started_ns: int | None,
        finished_ns: int,
    ) -> Deploy:
        """Add a deploy; a release that was not out yet is out from then on."""
        release_id = rules.row_id(release_id)
        facts = {
            "release_id": release_id,
            "environment": rules.keepable(environment),
            "name": rules.keepable(name),
            "url": rules.keepable(url),
            "started_ns": started_ns,
            "finished_ns": finished_ns,
        }
        with self._database.writing(owner=f"no release {release_id}") as connection:
            row = connection.execute(insert(deploys).values(facts).returning(deploys))
            deploy = Deploy(**row.mappings().one())
            connection.execute(
                update(releases)
                .where(releases.c.release_id == release_id, releases.c.released_ns.is_(None))
                .values(released_ns=finished_ns)
            )
            _make_environment_known(connection, deploy)
            return deploy

    def deploys(self, release_ids: Sequence[int]) -> Sequence[Deploy]:
        """Return the deploys of these releases, latest first."""
        question = (
            select(deploys)
            .where(deploys.c.release_id.in_([rules.row_id(each) for each in release_ids]))
            .order_by(deploys.c.finished_ns.desc(), deploys.c.deploy_id.desc())
        )
        with self._database.reading() as connection:
            return [Deploy(**row) for row in connection.execute(question).mappings()]

    def environments(self, project_ids: Sequence[int]) -> Sequence[Environment]:
        """Return the environments of these projects by name, hidden ones too."""
        question = (
            select(environments)
            .where(environments.c.project_id.in_([rules.row_id(each) for each in project_ids]))
            .order_by(environments.c.name, environments.c.environment_id)
        )
        with self._database.reading() as connection:
            return [Environment(**row) for row in connection.execute(question).mappings()]

    def hide_environment(self, *, project_id: int, name: str, is_hidden: bool) -> Environment:
        """Hide an environment from lists, or show it again."""
        change = (
            update(environments)
            .where(
                environments.c.project_id == rules.row_id(project_id),
                environments.c.name == rules.keepable(name),
            )
            .values(is_hidden=is_hidden)
            .returning(environments)
        )
        with self._database.writing() as connection:
            row = connection.execute(change).mappings().one_or_none()
            if row is None:
                raise OwnerMissing(f"no environment {name!r}")
            return Environment(**row)


def _make_environment_known(connection: Connection, deploy: Deploy) -> None:
    bonds = select(release_projects.c.project_id).where(
        release_projects.c.release_id == deploy.release_id
    )
    rows = [
        {
            "project_id": project_id,
            "name": deploy.environment,
            "is_hidden": False,
            "first_seen_ns": deploy.finished_ns,
        }
        for (project_id,) in connection.execute(bonds)
    ]
    upsert(connection, environments, rows, key=("project_id", "name"))
