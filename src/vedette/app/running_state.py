"""The truth about the running server, for `vedette status`, `/readyz` and `/metrics`."""

import os
import resource
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.api.server_state import Problem
from vedette.app.data_folder import DataFolder
from vedette.app.housekeeping import Housekeeping
from vedette.app.settings import Settings
from vedette.app.stores import Stores
from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.ingest.digester import Digester
from vedette.ingest.quarantine import Quarantine
from vedette.model.json_value import JsonObject
from vedette.model.question import OutcomeQuestion, TimeRange
from vedette.storage.journal.port import JournalError, JournalLag
from vedette.storage.metadata.all_projects import all_projects
from vedette.storage.metadata.port import MetadataError
from vedette.storage.telemetry.port import TelemetryError

STALLED_AFTER_S: Final = 10.0
"""So long may the oldest undigested record wait before the server calls itself not ready."""

RATES_OVER_S: Final = 300


@dataclass(frozen=True, slots=True)
class RunningState:
    """Implements what the read door asks of the server."""

    settings: Settings
    folder: DataFolder
    stores: Stores
    digester: Digester
    housekeeping: Housekeeping
    quarantine: Quarantine
    clock: Clock
    started_ns: int
    url: str

    def public_url(self) -> str:
        """Return the address under which people and SDKs reach the server."""
        return self.url

    def problems(self) -> Sequence[Problem]:
        """Return why the server is not ready; nothing when it is."""
        found: list[Problem] = []
        try:
            self.stores.metadata.check()
        except MetadataError as error:
            found.append(Problem("metadata", str(error)))
        try:
            self.stores.telemetry.check()
        except TelemetryError as error:
            found.append(Problem("telemetry", str(error)))
        found += self._digester_problems()
        free = shutil.disk_usage(self.folder.path).free
        if free < self.settings.disk_free_bytes_min:
            why = f"{free} bytes free, less than the {self.settings.disk_free_bytes_min} to be kept"
            found.append(Problem("disk", f"nothing is taken in: {why}"))
        return found

    def _digester_problems(self) -> list[Problem]:
        try:
            lag = self._lag()
        except JournalError as error:
            return [Problem("journal", str(error))]
        if self.digester.trouble:
            # First of all: who has ended does not go on when it is told to.
            return [Problem("digester", self.digester.trouble)]
        if self.digester.is_paused:
            return [Problem("digester", f"paused, {lag.record_count} records are waiting")]
        behind_s = self._lag_s(lag)
        if behind_s > STALLED_AFTER_S:
            text = f"behind by {behind_s:.0f} s, {lag.record_count} records"
            return [Problem("digester", text)]
        return []

    def status(self) -> JsonObject:
        """Return what `vedette status --json` shows."""
        lag, disk = self._lag(), shutil.disk_usage(self.folder.path)
        problems = self.problems()
        return {
            "ready": not problems,
            "problems": [{"name": each.name, "text": each.text} for each in problems],
            "pid": os.getpid(),
            "uptime_s": round(self._uptime_s(), 1),
            "url": self.url,
            "data": str(self.folder.path),
            "journal": {
                "lag_records": lag.record_count,
                "lag_bytes": lag.byte_count,
                "lag_seconds": round(self._lag_s(lag), 3),
                "last_sequence": lag.last_sequence,
                "finished_up_to": self.digester.finished_up_to,
                "damage": list(self.stores.journal.damage()),
            },
            "digester": {"paused": self.digester.is_paused, "trouble": self.digester.trouble},
            "disk": {
                "free_bytes": disk.free,
                "total_bytes": disk.total,
                "floor_bytes": self.settings.disk_free_bytes_min,
                "dropped_for_disk": list(self.housekeeping.dropped_for_disk),
            },
            "quarantine": {
                "rows": self.quarantine.row_count,
                "last_reason": self.quarantine.last_reason,
            },
            "memory_bytes": _resident_bytes(),
            "outcomes": self._recent_outcomes(),
            "tables": self._tables(),
        }

    def metrics_text(self) -> str:
        """Return our own figures in Prometheus' text form."""
        lag = self._lag()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        figures = [
            ("vedette_up_seconds", "gauge", self._uptime_s()),
            ("vedette_ready", "gauge", 0 if self.problems() else 1),
            ("vedette_journal_lag_records", "gauge", lag.record_count),
            ("vedette_journal_lag_bytes", "gauge", lag.byte_count),
            ("vedette_journal_lag_seconds", "gauge", self._lag_s(lag)),
            ("vedette_journal_records_total", "counter", lag.last_sequence),
            ("vedette_quarantined_rows_total", "counter", self.quarantine.row_count),
            ("vedette_disk_free_bytes", "gauge", shutil.disk_usage(self.folder.path).free),
            ("process_resident_memory_bytes", "gauge", _resident_bytes()),
            ("process_cpu_seconds_total", "counter", usage.ru_utime + usage.ru_stime),
        ]
        lines = [
            line
            for name, kind, value in figures
            for line in (f"# TYPE {name} {kind}", f"{name} {value}")
        ]
        return "\n".join(lines) + "\n"

    def _lag(self) -> JournalLag:
        return self.stores.journal.lag(after_sequence=self.digester.finished_up_to)

    def _lag_s(self, lag: JournalLag) -> float:
        return lag.age_s(self.clock.now_ns())

    def _uptime_s(self) -> float:
        return (self.clock.now_ns() - self.started_ns) / NANOSECONDS_PER_SECOND

    def _recent_outcomes(self) -> list[JsonObject]:
        """Return what became of what came in lately, over all projects, with reasons."""
        now_ns = self.clock.now_ns()
        try:
            projects = tuple(each.project_id for each in all_projects(self.stores.metadata))
            answer = self.stores.telemetry.outcomes(
                OutcomeQuestion(
                    project_ids=projects,
                    time_range=TimeRange(now_ns - RATES_OVER_S * NANOSECONDS_PER_SECOND, now_ns),
                    group_by=("category", "outcome", "reason"),
                )
            )
        except (MetadataError, TelemetryError):
            return []
        return list(answer.rows())

    def _tables(self) -> list[JsonObject]:
        try:
            sizes = self.stores.telemetry.sizes()
        except TelemetryError:
            return []
        return [
            {
                "table": each.table,
                "rows": each.row_count,
                "bytes": each.byte_count,
                "parts": each.part_count,
            }
            for each in sizes
        ]


def _resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - not a path of ours
        pages = int(statm.read().split()[1])
    return pages * resource.getpagesize()
