"""What the adapter adds to the contract: private files, durable settings, clear words."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from vedette.storage.metadata.engine import open_database
from vedette.storage.metadata.port import Metadata, MetadataError, MetadataUnreachable
from vedette.storage.metadata.store import open_metadata


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fill(metadata: Metadata) -> None:
    for number in range(10_000):
        metadata.create_organization(slug=f"{number}", name="x" * 900, created_ns=1)


def test_a_database_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        metadata = open_metadata(f"sqlite:///{tmp_path}/m.sqlite3")
        metadata.create_organization(slug="default", name="", created_ns=1)
    finally:
        os.umask(old_mask)

    files = sorted(tmp_path.iterdir())

    assert [path.name for path in files] == ["m.sqlite3", "m.sqlite3-shm", "m.sqlite3-wal"]
    assert [oct(mode_of(path)) for path in files] == ["0o600"] * 3
    metadata.close()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    open_metadata(f"sqlite:///{path}").close()
    path.chmod(0o644)

    open_metadata(f"sqlite:///{path}").close()

    assert oct(mode_of(path)) == "0o600"


def test_every_connection_syncs_waits_and_holds_the_references(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/m.sqlite3")

    with database.reading() as one, database.reading() as two:
        for connection in (one, two):
            said = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert said == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "busy_timeout": 10_000,
            }
    database.close()


def test_a_reader_does_not_wait_for_the_writer(tmp_path: Path) -> None:
    metadata = open_metadata(f"sqlite:///{tmp_path}/m.sqlite3")
    other = open_database(f"sqlite:///{tmp_path}/m.sqlite3")

    with other.writing() as connection:
        connection.exec_driver_sql("UPDATE project_changes SET version = 99")
        assert metadata.version() == 1

    assert metadata.version() == 99
    metadata.close()
    other.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MetadataUnreachable, match="cannot be opened: No such file"):
        open_metadata(f"sqlite:///{tmp_path}/gone/m.sqlite3")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    path.write_bytes(b"a letter to my aunt" * 100)

    with pytest.raises(MetadataError, match="file is not a database"):
        open_metadata(f"sqlite:///{path}")

    assert path.read_bytes() == b"a letter to my aunt" * 100


def test_a_damaged_database_is_an_error_of_the_port(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    metadata = open_metadata(f"sqlite:///{path}")
    metadata.close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8_000)

    with pytest.raises(MetadataError, match="malformed"):
        open_metadata(f"sqlite:///{path}")


def test_a_full_disk_is_an_error_of_the_port_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    metadata = open_metadata(f"sqlite:///{path}")
    with metadata._database.writing() as connection:
        page_count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {page_count}")

    with pytest.raises(MetadataUnreachable, match="full"):
        fill(metadata)
    kept = metadata.organizations()
    metadata.close()

    reopened = open_metadata(f"sqlite:///{path}")
    assert reopened.organizations() == kept
    reopened.create_organization(slug="after", name="", created_ns=1)
    reopened.close()


def test_a_postgres_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(MetadataUnreachable, match="does not answer") as caught:
        open_metadata("postgresql://vedette:hunter2@127.0.0.1:1/vedette")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://root:hunter2@localhost/x", id="another database"),
        pytest.param("hunter2", id="no URL"),
        pytest.param("postgresql://u:hunter2@host:port/x", id="a port that is no number"),
        pytest.param("sqlite://", id="SQLite in memory"),
        pytest.param("sqlite:///:memory:", id="SQLite in memory by name"),
    ],
)
def test_a_url_of_no_use_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="URL") as caught:
        open_metadata(url)

    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_secrets_given_do_not_come_back_in_errors(tmp_path: Path) -> None:
    metadata = open_metadata(f"sqlite:///{tmp_path}/m.sqlite3")
    sqlite3.connect(tmp_path / "m.sqlite3").execute("DROP TABLE tokens").connection.close()

    with pytest.raises(MetadataError) as caught:
        metadata.token_by_hash("abcd" * 16)

    assert "abcd" not in str(caught.value)
    assert "abcd" not in str(caught.value.__cause__)
    metadata.close()
