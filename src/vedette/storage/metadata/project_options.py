"""What projects are set to, in SQL."""

import json
from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from vedette.model.json_value import JsonValue
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.project_options_port import OPTION_BYTES_MAX, OPTION_NAME_LENGTH_MAX
from vedette.storage.metadata.projects import count_change
from vedette.storage.metadata.tables import projects
from vedette.storage.metadata.tables_project_options import project_options


class SqlProjectOptions:
    """The ProjectOptions face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def options(self, project_id: int) -> Mapping[str, JsonValue]:
        """Return what was set for a project."""
        question = select(project_options.c.name, project_options.c.value).where(
            project_options.c.project_id == rules.row_id(project_id)
        )
        with self._database.reading() as connection:
            return {name: json.loads(value) for name, value in connection.execute(question)}

    def all_options(self) -> Mapping[int, Mapping[str, JsonValue]]:
        """Return what was set, for every project for which something was."""
        found: dict[int, dict[str, JsonValue]] = {}
        with self._database.reading() as connection:
            for project_id, name, value in connection.execute(select(project_options)):
                found.setdefault(project_id, {})[name] = json.loads(value)
        return found

    def set_options(self, *, project_id: int, changes: Mapping[str, JsonValue]) -> None:
        """Set these options, all at once; None takes one back to its default."""
        owner, rows = rules.row_id(project_id), option_rows(changes)
        with self._database.writing() as connection:
            # Takes the project's row, so that two who set options wait for each other.
            known = select(projects.c.project_id).where(projects.c.project_id == owner)
            if connection.execute(known.with_for_update()).first() is None:
                raise OwnerMissing(f"no project {project_id}")
            connection.execute(
                delete(project_options).where(
                    project_options.c.project_id == owner, project_options.c.name.in_(rows)
                )
            )
            new = [
                {"project_id": owner, "name": name, "value": value}
                for name, value in rows.items()
                if value is not None
            ]
            if new:
                connection.execute(insert(project_options), new)
            count_change(connection)


def option_rows(changes: Mapping[str, JsonValue]) -> dict[str, str | None]:
    """Return the values as they are kept: JSON in ASCII, which no database can misread.

    Raises:
        ValueError: A name or a value is too long.
    """
    rows: dict[str, str | None] = {}
    for name, value in changes.items():
        text = None if value is None else json.dumps(value, separators=(",", ":"))
        if not 0 < len(name) <= OPTION_NAME_LENGTH_MAX or rules.keepable(name) != name:
            raise ValueError(f"{name[:OPTION_NAME_LENGTH_MAX]!r} cannot be the name of an option")
        if text is not None and len(text) > OPTION_BYTES_MAX:
            raise ValueError(f"{name} takes {len(text)} bytes, more than {OPTION_BYTES_MAX}")
        rows[name] = text
    return rows
