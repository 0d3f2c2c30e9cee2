"""How a database comes to the tables of this version, on SQLite and PostgreSQL."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from vedette.storage.metadata import tables
from vedette.storage.metadata.engine import open_database
from vedette.storage.metadata.port import MetadataError, MetadataTooNew
from vedette.storage.metadata.revisions import (
    HISTORY,
    REVISION_TABLE,
    REVISIONS,
    History,
    bring_up_to_date,
)
from vedette.storage.metadata.store import open_metadata


def test_the_migrations_make_the_tables_that_the_code_knows(database_url: str) -> None:
    metadata = open_metadata(database_url)

    with metadata._database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": REVISION_TABLE, "compare_server_default": True}
        )
        differences = compare_metadata(context, tables.metadata)

    assert differences == []
    metadata.close()


def test_every_migration_of_the_folder_is_listed_in_order() -> None:
    script = ScriptDirectory(str(HISTORY.folder))

    found = [each.revision for each in script.walk_revisions()]

    assert tuple(reversed(found)) == REVISIONS


ADD_LATER = f'''"""A table that a later version brings (a test)."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{REVISIONS[-1]}"


def upgrade() -> None:
    op.create_table("later", sa.Column("later_id", sa.BigInteger(), primary_key=True))
'''


def test_an_older_database_gets_the_tables_it_lacks_and_keeps_its_rows(
    database_url: str, tmp_path: Path
) -> None:
    metadata = open_metadata(database_url)
    organization = metadata.create_organization(slug="default", name="", created_ns=1)
    newer = History((*REVISIONS, "9999"), tmp_path / "migrations")
    shutil.copytree(HISTORY.folder, newer.folder)
    (newer.folder / "versions" / "9999_later.py").write_text(ADD_LATER)

    bring_up_to_date(metadata._database, newer)
    bring_up_to_date(metadata._database, newer)

    with metadata._database.reading() as connection:
        assert inspect(connection).has_table("later")
    assert list(metadata.organizations()) == [organization]
    with pytest.raises(MetadataTooNew, match="9999"):
        open_metadata(database_url)
    metadata.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database_url: str) -> None:
    metadata = open_metadata(database_url)
    organization = metadata.create_organization(slug="default", name="", created_ns=1)
    with metadata._database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {REVISION_TABLE} SET version_num = '9999'")

    with pytest.raises(MetadataTooNew, match="9999"):
        open_metadata(database_url)

    assert list(metadata.organizations()) == [organization]
    metadata.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    database = open_database(database_url)
    with database.writing() as connection:
        # The last table of the first migration is in the way.
        connection.exec_driver_sql("CREATE TABLE digest_ranges (planted INTEGER)")

    with pytest.raises(MetadataError, match="already exists"):
        open_metadata(database_url)

    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["digest_ranges"]
    database.close()


def test_many_that_open_a_new_database_at_once_migrate_it_once(database_url: str) -> None:
    def open_and_close(_: int) -> int:
        metadata = open_metadata(database_url)
        version = metadata.version()
        metadata.close()
        return version

    with ThreadPoolExecutor(4) as threads:
        versions = list(threads.map(open_and_close, range(4)))

    assert versions == [1, 1, 1, 1]


def test_an_up_to_date_database_opens_without_alembic(database_url: str) -> None:
    open_metadata(database_url).close()
    program = f"""
import sys
from vedette.storage.metadata.store import open_metadata
open_metadata({database_url!r}).close()
assert not [name for name in sys.modules if name.startswith("alembic")]
"""

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert ran.stderr == ""
    assert ran.returncode == 0
