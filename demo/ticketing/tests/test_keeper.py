"""The keeper's round on the real journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ticketing.platform.keeper import maintain

if TYPE_CHECKING:
    import psycopg

    from ticketing.platform.layout import Layout

pytestmark = pytest.mark.platform


def test_a_partition_that_is_missing_is_made_and_an_old_one_is_dropped(
    layout: Layout, journal: psycopg.Connection
) -> None:
    journal.execute("SELECT ensure_trace_partition((now() AT TIME ZONE 'UTC')::date - 40)")
    url = layout.journal.url("postgres", "ticketing_keeper", layout.secrets.keeper)

    first, again = maintain(url), maintain(url)

    assert "dropped 1;" in first
    assert again == "partitions made 0, dropped 0; stray rows dropped 0"
