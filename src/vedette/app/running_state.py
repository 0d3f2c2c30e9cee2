"""The truth about the running server, for `vedette status`, `/readyz` and `/metrics`."""

import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.api.server_state import Problem
from vedette.app.data_folder import DataFolder
from vedette.app.health import Health
from vedette.app.housekeeping import Housekeeping
from vedette.app.settings import Settings
from vedette.app.stores import Stores
from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.ingest.digester import Digester
from vedette.ingest.quarantine import Quarantine
from vedette.model.json_value import JsonObject
from vedette.model.question import OutcomeQuestion, TimeRange
from vedette.storage.metadata.all_projects import all_projects
from vedette.storage.metadata.port import MetadataError
from vedette.storage.telemetry.port import TelemetryError

RATES_OVER_S: Final = 300


@dataclass(frozen=True, slots=True)
class RunningState:
    """Implements what the read door asks of the server."""

    settings: Settings
    folder: DataFolder
    stores: Stores
    digester: Digester
    health: Health
    housekeeping: Housekeeping
    quarantine: Quarantine
    clock: Clock
    started_ns: int
    url: str

    def public_url(self) -> str:
        """Return the address under which people and SDKs reach the server."""
        return self.url

    def problems(self) -> Sequence[Problem]:
        """Return what is wrong, within two seconds."""
        return self.health.problems()

    def quarantined(self) -> Sequence[JsonObject]:
        """Return what `vedette quarantine list` shows."""
        return [
            {
                "name": each.name,
                "table": each.table,
                "rows": each.row_count,
                "token": each.token,
                "why": each.why,
            }
            for each in self.quarantine.kept()
        ]

    def restore_quarantined(self) -> JsonObject:
        """Store again what was kept aside, a bounded number of blocks."""
        came = self.quarantine.restore(self.stores.telemetry)
        return {
            "restoredBlocks": came.block_count,
            "restoredRows": came.row_count,
            "refusedAgain": list(came.refused_again),
            "leftBlocks": came.left_count,
        }

    def status(self) -> JsonObject:
        """Return what `vedette status --json` shows."""
        problems = self.problems()
        lag, free_bytes = self.health.lag(), self.health.free_bytes()
        # Who does not answer is not asked twice.
        has_telemetry = all(each.name != "telemetry" for each in problems)
        return {
            "ready": not any(each.hinders for each in problems),
            "problems": [{"name": each.name, "text": each.text} for each in problems],
            "pid": os.getpid(),
            "uptime_s": round(self._uptime_s(), 1),
            "url": self.url,
            "data": str(self.folder.path),
            "journal": {
                "lag_records": lag.record_count if lag else None,
                "lag_bytes": lag.byte_count if lag else None,
                "lag_seconds": round(self.health.lag_s(lag), 3) if lag else None,
                "last_sequence": lag.last_sequence if lag else None,
                "finished_up_to": self.digester.finished_up_to,
                "damage": list(self.stores.journal.damage()),
            },
            "digester": {"paused": self.digester.is_paused, "trouble": self.digester.trouble},
            "disk": {
                "free_bytes": free_bytes,
                "floor_bytes": self.settings.disk_free_bytes_min,
                "dropped_for_disk": list(self.housekeeping.dropped_for_disk),
            },
            "quarantine": {
                "rows": self.quarantine.row_count,
                "last_reason": self.quarantine.last_reason,
            },
            "memory_bytes": _resident_bytes(),
            "outcomes": self._recent_outcomes() if has_telemetry else [],
            "tables": self._tables() if has_telemetry else [],
        }

    def metrics_text(self) -> str:
        """Return our own figures in Prometheus' text form."""
        problems, lag, free_bytes = self.problems(), self.health.lag(), self.health.free_bytes()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        figures: list[tuple[str, str, float | None]] = [
            ("vedette_up_seconds", "gauge", self._uptime_s()),
            ("vedette_ready", "gauge", 0 if any(each.hinders for each in problems) else 1),
            ("vedette_journal_lag_records", "gauge", lag.record_count if lag else None),
            ("vedette_journal_lag_bytes", "gauge", lag.byte_count if lag else None),
            ("vedette_journal_lag_seconds", "gauge", self.health.lag_s(lag) if lag else None),
            ("vedette_journal_records_total", "counter", lag.last_sequence if lag else None),
            ("vedette_quarantined_rows", "gauge", self.quarantine.row_count),
            ("vedette_disk_free_bytes", "gauge", free_bytes),
            ("process_resident_memory_bytes", "gauge", _resident_bytes()),
            ("process_cpu_seconds_total", "counter", usage.ru_utime + usage.ru_stime),
        ]
        lines = [
            line
            for name, kind, value in figures
            if value is not None  # a figure that is not known is left out, not invented
            for line in (f"# TYPE {name} {kind}", f"{name} {value}")
        ]
        return "\n".join(lines) + "\n"

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
