"""Housekeeping: partitions that go, what tables take, whether the engine answers."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.port import TableSize, TelemetryError

SIGNAL_TABLES: Final = frozenset(
    {"spans", "errors", "findings", "logs", "metrics", "sessions", "attachments"}
)
"""What fills a disk. The other tables are small, and describe what these still hold."""

_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_HOUR: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):00:00")
_MONTH: Final = re.compile(r"(\d{4})(\d{2})")
_WEEKLY: Final = frozenset({"traces", "trace_links", "error_groups"})
_NANOSECONDS: Final = 1_000_000_000
_TABLE: Final = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class _Partition:
    table: str
    partition_id: str
    name: str
    end_ns: int


class Keeper:
    """Keeps the tables within their bounds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def drop_older_than(self, *, table: str, before_ns: int) -> int:
        """Drop whole partitions that end before this time; see the port."""
        old = [
            each for each in self._partitions() if each.table == table and each.end_ns <= before_ns
        ]
        for partition in old:
            self._drop(partition)
        return len(old)

    def drop_oldest(self) -> str | None:
        """Drop the oldest day of all signals but the newest of each; see the port."""
        partitions = [each for each in self._partitions() if each.table in SIGNAL_TABLES]
        newest = {each.table: each for each in sorted(partitions, key=_age)}
        older = [each for each in partitions if each != newest[each.table]]
        if not older:
            return None
        oldest = min(older, key=_age)
        self._drop(oldest)
        return f"{oldest.table} {oldest.name}"

    def sizes(self) -> Sequence[TableSize]:
        """Tell what each table takes."""
        answer = self._engine.ask(
            "SELECT name, sum(parts.rows), sum(parts.bytes_on_disk), countIf(parts.rows > 0)"
            " FROM system.tables AS tables LEFT JOIN"
            " (SELECT table, rows, bytes_on_disk FROM system.parts"
            " WHERE active AND database = currentDatabase()) AS parts ON tables.name = parts.table"
            " WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"
            " GROUP BY name ORDER BY name"
        )
        return [
            TableSize(str(table), _whole(rows), _whole(size), _whole(parts))
            for table, rows, size, parts in zip(*decode_columns(answer, 4), strict=True)
        ]

    def check(self) -> None:
        """Return if the engine answers; see the port."""
        (names,) = decode_columns(
            self._engine.ask("SELECT name FROM system.tables WHERE database = currentDatabase()"), 1
        )
        missing = {"spans", "errors", "logs", "metrics", "outcomes"} - {str(name) for name in names}
        if missing:
            raise TelemetryError(f"the telemetry has lost its tables: {', '.join(sorted(missing))}")

    def _partitions(self) -> list[_Partition]:
        answer = self._engine.ask(
            "SELECT DISTINCT table, partition_id, partition FROM system.parts"
            " WHERE active AND database = currentDatabase()"
        )
        found = []
        for table, partition_id, name in zip(*decode_columns(answer, 3), strict=True):
            end_ns = _end_ns(str(table), str(name))
            if end_ns is not None:
                found.append(_Partition(str(table), str(partition_id), str(name), end_ns))
        return found

    def _drop(self, partition: _Partition) -> None:
        assert _TABLE.fullmatch(partition.table)
        assert partition.partition_id.isalnum()
        self._engine.order(
            f"ALTER TABLE {partition.table} DROP PARTITION ID '{partition.partition_id}'"
        )


def _age(partition: _Partition) -> tuple[int, str]:
    return partition.end_ns, partition.table


def _end_ns(table: str, name: str) -> int | None:
    """Return when a partition ends, by its name; None for those that are not of time."""
    if day := _DAY.fullmatch(name):
        start = dt.datetime(*map(int, day.groups()), tzinfo=dt.UTC)  # type: ignore[arg-type, misc] # three numbers
        end = start + dt.timedelta(days=7 if table in _WEEKLY else 1)
    elif hour := _HOUR.fullmatch(name):
        start = dt.datetime(*map(int, hour.groups()), tzinfo=dt.UTC)  # type: ignore[arg-type, misc] # four numbers
        end = start + dt.timedelta(hours=1)
    elif month := _MONTH.fullmatch(name):
        years, months = int(month[1]), int(month[2])
        end = dt.datetime(years + months // 12, months % 12 + 1, 1, tzinfo=dt.UTC)
    else:
        return None
    return int(end.timestamp()) * _NANOSECONDS


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
