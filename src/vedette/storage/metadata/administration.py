"""Changes of projects, keys and members in SQL."""

from sqlalchemy import Connection, delete, select, update

from vedette.model.person import Role, User
from vedette.model.project import Project, ProjectKey
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.people import USER_COLUMNS, user_of_row
from vedette.storage.metadata.port import LastOwner, OwnerMissing
from vedette.storage.metadata.projects import count_change
from vedette.storage.metadata.tables import (
    browser_sessions,
    logins,
    project_keys,
    projects,
    tokens,
    users,
)


class SqlAdministration:
    """The Administration face of the metadata, without teams."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change_project(
        self,
        *,
        project_id: int,
        slug: str | None = None,
        name: str | None = None,
        platform: str | None = None,
    ) -> Project:
        """Change a project; None leaves a thing as it is."""
        given = {"slug": slug, "name": name, "platform": platform}
        changes = {key: rules.keepable(text) for key, text in given.items() if text is not None}
        is_it = projects.c.project_id == rules.row_id(project_id)
        with self._database.writing(taken=f"there is a project {slug!r}") as connection:
            if changes:
                connection.execute(update(projects).where(is_it).values(changes))
            row = connection.execute(select(projects).where(is_it)).mappings().one_or_none()
            if row is None:
                raise OwnerMissing(f"no project {project_id}")
            count_change(connection)
            return Project(**row)

    def delete_project(self, project_id: int) -> None:
        """Take a project away with all that belongs to it."""
        with self._database.writing() as connection:
            connection.execute(
                delete(projects).where(projects.c.project_id == rules.row_id(project_id))
            )
            count_change(connection)

    def rename_key(self, *, key_id: int, label: str) -> ProjectKey:
        """Give a key another name."""
        change = (
            update(project_keys)
            .where(project_keys.c.key_id == rules.row_id(key_id))
            .values(label=rules.keepable(label))
            .returning(project_keys)
        )
        with self._database.writing() as connection:
            row = connection.execute(change).mappings().one_or_none()
            if row is None:
                raise OwnerMissing(f"no key {key_id}")
            count_change(connection)
            return ProjectKey(**row)

    def delete_key(self, key_id: int) -> None:
        """Take a key away with its quotas."""
        with self._database.writing() as connection:
            connection.execute(
                delete(project_keys).where(project_keys.c.key_id == rules.row_id(key_id))
            )
            count_change(connection)

    def set_role(self, *, user_id: int, role: Role) -> User:
        """Give a person another role."""
        user_id = rules.row_id(user_id)
        with self._database.writing() as connection:
            if role is not Role.OWNER:
                _keep_an_owner(connection, besides=user_id)
            change = update(users).where(users.c.user_id == user_id).values(role=role)
            row = connection.execute(change.returning(*USER_COLUMNS)).mappings().one_or_none()
            if row is None:
                raise OwnerMissing(f"no user {user_id}")
            return user_of_row(row)

    def remove_user(self, user_id: int) -> None:
        """Switch a person off and revoke their tokens and sessions."""
        user_id = rules.row_id(user_id)
        with self._database.writing() as connection:
            _keep_an_owner(connection, besides=user_id)
            connection.execute(
                update(users).where(users.c.user_id == user_id).values(is_active=False)
            )
            for table in (tokens, browser_sessions, logins):
                connection.execute(delete(table).where(table.c.user_id == user_id))


def _keep_an_owner(connection: Connection, *, besides: int) -> None:
    """Refuse to go on if this is the only owner; other writers of owners wait."""
    question = (
        select(users.c.user_id)
        .where(users.c.role == Role.OWNER, users.c.is_active)
        .order_by(users.c.user_id)
        .with_for_update()
    )
    owners = list(connection.execute(question).scalars())
    if owners == [besides]:
        raise LastOwner("the only owner stays one")
