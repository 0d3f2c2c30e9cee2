"""The names of each dataset."""

import pytest

from vedette.query.events_table import meaning_of
from vedette.query.fields import MEANINGS, Kind
from vedette.query.select import read_column
from vedette.storage.telemetry.tables.errors import ERRORS
from vedette.storage.telemetry.tables.logs import LOGS
from vedette.storage.telemetry.tables.metrics import METRICS
from vedette.storage.telemetry.tables.spans import SPANS

TABLES = {table.dataset: table for table in (ERRORS, SPANS, LOGS, METRICS)}


@pytest.mark.parametrize("dataset", sorted(MEANINGS))
def test_every_name_stands_for_something_the_store_knows(dataset: str) -> None:
    meaning = meaning_of(dataset)
    known = TABLES[meaning.dataset].fields

    assert {field.column for field in meaning.fields.values()} <= known.keys()
    assert {*meaning.identity, meaning.main_text} <= known.keys()


@pytest.mark.parametrize("dataset", sorted(MEANINGS))
def test_everything_the_store_knows_has_a_name(dataset: str) -> None:
    meaning = meaning_of(dataset)
    named = {field.column for field in meaning.fields.values()}
    also = {"project", "timestamp_precise", "series", "sentry.item_id", "kind", "id"}
    # Of our own questions: a name for them would stand before attributes that senders call so.
    also |= {"resource", "histogram", "exemplars", "metric.is_stale"}

    assert set(TABLES[meaning.dataset].fields) - also <= named


def test_the_precise_time_of_logs_is_a_field_under_the_name_of_an_attribute() -> None:
    column = read_column("tags[sentry.timestamp_precise,number]", MEANINGS["logs"])

    assert column.kind is Kind.NANOSECONDS
