"""Organizations, projects, keys and quotas in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from vedette.model.category import Category
from vedette.model.project import Organization, Project, ProjectKey, Quota
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.tables import (
    organizations,
    project_changes,
    project_keys,
    projects,
    quotas,
)


class SqlProjects:
    """The Projects face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def organizations(self) -> Sequence[Organization]:
        """Return all, oldest first."""
        question = select(organizations).order_by(organizations.c.organization_id)
        with self._database.reading() as connection:
            return [Organization(**row) for row in connection.execute(question).mappings()]

    def create_organization(self, *, slug: str, name: str, created_ns: int) -> Organization:
        """Add one."""
        facts = {
            "slug": rules.keepable(slug),
            "name": rules.keepable(name),
            "created_ns": created_ns,
        }
        with self._database.writing(taken=f"there is an organization {slug!r}") as connection:
            row = connection.execute(insert(organizations).values(facts).returning(organizations))
            count_change(connection)
            return Organization(**row.mappings().one())

    def projects(self, organization_id: int) -> Sequence[Project]:
        """Return the projects of an organization, oldest first."""
        question = (
            select(projects)
            .where(projects.c.organization_id == rules.row_id(organization_id))
            .order_by(projects.c.project_id)
        )
        with self._database.reading() as connection:
            return [Project(**row) for row in connection.execute(question).mappings()]

    def create_project(
        self, *, organization_id: int, slug: str, name: str, platform: str, created_ns: int
    ) -> Project:
        """Add one; ids count from 1 and are never used again."""
        facts = {
            "organization_id": rules.row_id(organization_id),
            "slug": rules.keepable(slug),
            "name": rules.keepable(name),
            "platform": rules.keepable(platform),
            "created_ns": created_ns,
        }
        with self._database.writing(
            taken=f"there is a project {slug!r}", owner=f"no organization {organization_id}"
        ) as connection:
            row = connection.execute(insert(projects).values(facts).returning(projects))
            count_change(connection)
            return Project(**row.mappings().one())

    def keys(self, project_id: int) -> Sequence[ProjectKey]:
        """Return the keys of a project, oldest first, inactive ones too."""
        question = (
            select(project_keys)
            .where(project_keys.c.project_id == rules.row_id(project_id))
            .order_by(project_keys.c.key_id)
        )
        with self._database.reading() as connection:
            return [ProjectKey(**row) for row in connection.execute(question).mappings()]

    def active_keys(self) -> Sequence[ProjectKey]:
        """Return every key that may write."""
        question = (
            select(project_keys).where(project_keys.c.is_active).order_by(project_keys.c.key_id)
        )
        with self._database.reading() as connection:
            return [ProjectKey(**row) for row in connection.execute(question).mappings()]

    def create_key(
        self, *, project_id: int, public_key: str, label: str, created_ns: int
    ) -> ProjectKey:
        """Add a key (32 hex digits)."""
        facts = {
            "project_id": rules.row_id(project_id),
            "public_key": rules.public_key(public_key),
            "label": rules.keepable(label),
            "is_active": True,
            "created_ns": created_ns,
        }
        with self._database.writing(
            taken=f"there is a key {public_key}", owner=f"no project {project_id}"
        ) as connection:
            row = connection.execute(insert(project_keys).values(facts).returning(project_keys))
            count_change(connection)
            return ProjectKey(**row.mappings().one())

    def set_key_active(self, *, key_id: int, is_active: bool) -> None:
        """Switch a key on or off; an unknown id changes nothing."""
        change = (
            update(project_keys)
            .where(project_keys.c.key_id == rules.row_id(key_id))
            .values(is_active=is_active)
        )
        with self._database.writing() as connection:
            connection.execute(change)
            count_change(connection)

    def quotas(self) -> Sequence[Quota]:
        """Return every quota of every project, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(quotas).order_by(quotas.c.quota_id))
            return [_quota(row) for row in rows.mappings()]

    def set_quota(
        self,
        *,
        project_id: int,
        key_id: int | None,
        category: Category | None,
        item_count_max: int,
        window_s: int,
    ) -> Quota:
        """Set the quota of this project, key and category; the one there is keeps its id."""
        owner = f"no project {project_id}" + ("" if key_id is None else f" with a key {key_id}")
        place = {
            "project_id": rules.row_id(project_id),
            "key_id": None if key_id is None else rules.row_id(key_id),
            "category": category,
        }
        limit = {"item_count_max": item_count_max, "window_s": window_s}
        is_at_place = [quotas.c[name].is_not_distinct_from(value) for name, value in place.items()]
        # NULL equals nothing in a unique constraint, so the lock on the project keeps two
        # writers from adding the same quota twice.
        lock = (
            select(projects.c.project_id)
            .where(projects.c.project_id == place["project_id"])
            .with_for_update()
        )
        replace = update(quotas).where(*is_at_place).values(limit).returning(quotas)
        add = insert(quotas).values(place | limit).returning(quotas)
        with self._database.writing(owner=owner) as connection:
            if connection.execute(lock).one_or_none() is None:
                raise OwnerMissing(owner)
            row = connection.execute(replace).mappings().one_or_none()
            row = row or connection.execute(add).mappings().one()
            count_change(connection)
            return _quota(row)

    def delete_quota(self, quota_id: int) -> None:
        """Take a quota away; an unknown id changes nothing."""
        with self._database.writing() as connection:
            connection.execute(delete(quotas).where(quotas.c.quota_id == rules.row_id(quota_id)))
            count_change(connection)

    def version(self) -> int:
        """Return a number that grows whenever keys, projects or quotas change."""
        with self._database.reading() as connection:
            version: int = connection.execute(select(project_changes.c.version)).scalar_one()
            return version


def _quota(row: RowMapping) -> Quota:
    category = row["category"]
    return Quota(**{**row, "category": None if category is None else Category(category)})


def count_change(connection: Connection) -> None:
    """Let every process see, within its next look, that something about projects changed."""
    connection.execute(update(project_changes).values(version=project_changes.c.version + 1))
