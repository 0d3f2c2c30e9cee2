"""Making and changing the tables of a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.telemetry_rows import a_span, block_of, table_columns
from vedette.model.question import (
    Aggregate,
    Dataset,
    Function,
    RowQuestion,
    TimeRange,
    TraceQuestion,
)
from vedette.storage.telemetry import migrate
from vedette.storage.telemetry.chdb_store import (
    ChdbTelemetry,
    EngineLimits,
    engine_version_of,
    open_telemetry,
)
from vedette.storage.telemetry.decode import decode_column
from vedette.storage.telemetry.engine import installed_version
from vedette.storage.telemetry.pack import WrittenTable
from vedette.storage.telemetry.port import EngineMismatch
from vedette.storage.telemetry.tables.errors import WRITTEN_ERRORS
from vedette.storage.telemetry.tables.outcomes import OUTCOMES
from vedette.storage.telemetry.tables.sessions import SESSIONS


class Opener:
    """Opens the telemetry of one folder, whatever was opened before being closed first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: ChdbTelemetry | None = None

    def open(self, *, has_attribute_index: bool = False) -> ChdbTelemetry:
        self.close()
        self._opened = open_telemetry(
            self.folder, EngineLimits(), has_attribute_index=has_attribute_index
        )
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    """An opener of an empty folder."""
    made = Opener(tmp_path)
    yield made
    made.close()


def ask(telemetry: ChdbTelemetry, sql: str) -> list[object]:
    return list(decode_column(telemetry._engine.ask(sql)))


def index_names(telemetry: ChdbTelemetry) -> list[object]:
    return ask(telemetry, "SELECT name FROM system.data_skipping_indices WHERE table = 'spans'")


def span_count(telemetry: ChdbTelemetry) -> object:
    counted = (Aggregate(Function.COUNT),)
    return telemetry.rows(RowQuestion(Dataset.SPANS, (1,), TimeRange(0, 2**62), counted)).columns[
        0
    ][0]


def test_a_migrated_folder_is_opened_again_with_its_rows(opener: Opener) -> None:
    telemetry = opener.open()
    telemetry.put([block_of("spans", [a_span()])], token="a")

    telemetry = opener.open()

    assert span_count(telemetry) == 1
    assert engine_version_of(opener.folder) == installed_version()


def test_a_migration_that_a_crash_stopped_half_way_is_finished(opener: Opener) -> None:
    telemetry = opener.open()
    telemetry.put([block_of("spans", [a_span()])], token="a")
    telemetry._engine.order("DROP TABLE migrations SYNC")
    telemetry._engine.order("DROP TABLE outcomes SYNC")
    telemetry._engine.order("DROP VIEW traces_from_spans SYNC")

    telemetry = opener.open()
    telemetry.check()
    telemetry.put([block_of("spans", [a_span(2)])], token="b")

    assert span_count(telemetry) == 2
    assert ask(telemetry, "SELECT toUInt32(sum(span_count)) FROM traces") == [2]


def test_the_attribute_index_comes_and_goes_with_its_switch(opener: Opener) -> None:
    seen = []
    for has_index in (False, True, True, False):
        telemetry = opener.open(has_attribute_index=has_index)
        seen.append(migrate.INDEX_NAME in index_names(telemetry))

    assert seen == [False, True, True, False]


def test_a_folder_made_with_the_index_has_it(opener: Opener) -> None:
    telemetry = opener.open(has_attribute_index=True)

    assert migrate.INDEX_NAME in index_names(telemetry)


def test_a_folder_of_a_newer_engine_is_refused_and_left_alone(opener: Opener) -> None:
    opener.open()
    opener.close()
    (opener.folder / migrate.VERSION_FILE).write_text("99.1.0\n")

    with pytest.raises(EngineMismatch, match=r"99\.1\.0.*newer"):
        opener.open()

    assert (opener.folder / migrate.VERSION_FILE).read_text() == "99.1.0\n"


def test_views_are_made_anew_when_an_older_engine_wrote_the_folder(opener: Opener) -> None:
    telemetry = opener.open()
    query = "SELECT create_table_query FROM system.tables WHERE name = 'traces_from_spans'"
    view = ask(telemetry, query)
    telemetry._engine.order("DROP VIEW traces_from_spans")
    telemetry._engine.order(str(view[0]).replace("GROUP BY", "WHERE project_id = 7 GROUP BY"))
    telemetry._engine.order(
        "INSERT INTO migrations (number, name, engine_version) VALUES (1000, '', '1.0.0')"
    )

    telemetry = opener.open()
    telemetry.put([block_of("spans", [a_span(1)])], token="a")

    assert ask(telemetry, "SELECT toUInt32(sum(span_count)) FROM traces") == [1]
    versions = "SELECT engine_version FROM migrations ORDER BY number DESC LIMIT 1"
    assert ask(telemetry, versions) == [installed_version()]


def test_tables_keep_no_logs_of_the_engine_itself(opener: Opener) -> None:
    telemetry = opener.open()
    telemetry.trace(TraceQuestion("a" * 32, (1,)))

    own = "SELECT name FROM system.tables WHERE database = 'system' AND engine LIKE '%MergeTree'"
    assert ask(telemetry, own) == []


@pytest.mark.parametrize("table", [OUTCOMES, SESSIONS, WRITTEN_ERRORS], ids=lambda each: each.name)
def test_what_python_writes_has_the_columns_of_its_table(table: WrittenTable) -> None:
    assert dict(table.columns) == dict(table_columns(table.name))
