"""What keeps the server from being ready, found within two seconds whatever hangs."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from vedette.api.server_state import Problem
from vedette.app.bounded_check import BoundedCheck
from vedette.app.settings import Settings
from vedette.app.stores import Stores
from vedette.base.clock import Clock
from vedette.ingest.digester import Digester
from vedette.ingest.quarantine import Quarantine
from vedette.storage.journal.port import JournalError, JournalLag
from vedette.storage.metadata.port import MetadataError
from vedette.storage.telemetry.port import TelemetryError

STALLED_AFTER_S: Final = 10.0
"""So long may the oldest undigested record wait before the server calls itself not ready."""

CHECKS_S_MAX: Final = 1.5
"""All checks together; a store that takes longer is as good as away."""

_FINE: Final = ""


class Health:
    """Asks the stores, the disk and the digester. May be asked from any thread."""

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        digester: Digester,
        quarantine: Quarantine,
        clock: Clock,
    ) -> None:
        self._settings, self._stores, self._digester = settings, stores, digester
        self._quarantine, self._clock = quarantine, clock
        self._metadata = BoundedCheck(
            "metadata", lambda: _sentence(stores.metadata.check, MetadataError)
        )
        self._telemetry = BoundedCheck(
            "telemetry", lambda: _sentence(stores.telemetry.check, TelemetryError)
        )
        self._lag = BoundedCheck("journal", self._ask_lag)
        self._disk = BoundedCheck("disk", lambda: _free_bytes(Path(settings.data)))

    def problems(self) -> Sequence[Problem]:
        """Return why the server is not ready, and what else a person should look at."""
        deadline_s = self._clock.monotonic_s() + CHECKS_S_MAX
        for each in (self._metadata, self._telemetry, self._lag, self._disk):
            each.begin()
        found = self._store_problems("metadata", self._metadata, deadline_s)
        found += self._store_problems("telemetry", self._telemetry, deadline_s)
        found += self._journal_problems(self._lag.answer(wait_s=self._left_s(deadline_s)))
        found += self._disk_problems(self._disk.answer(wait_s=self._left_s(deadline_s)))
        trouble = self._stores.journal.trouble()
        if trouble and not any(each.name in ("journal", "disk") for each in found):
            found.append(Problem("journal", f"nothing is taken in: {trouble}"))
        kept_aside = self._quarantine.summary()
        if kept_aside:
            found.append(Problem("quarantine", kept_aside, hinders=False))
        return found

    def lag(self) -> JournalLag | None:
        """Return how far the digester is behind; None when the journal's disk does not say."""
        self._lag.begin()
        lag = self._lag.answer(wait_s=CHECKS_S_MAX)
        return lag if isinstance(lag, JournalLag) else None

    def free_bytes(self) -> int | None:
        """Return what is free on the disk of the data folder; None when it does not say."""
        self._disk.begin()
        free = self._disk.answer(wait_s=CHECKS_S_MAX)
        return free if isinstance(free, int) else None

    def lag_s(self, lag: JournalLag) -> float:
        """Return how long the oldest undigested record has waited."""
        return lag.age_s(self._clock.now_ns())

    def _left_s(self, deadline_s: float) -> float:
        return max(0.0, deadline_s - self._clock.monotonic_s())

    def _store_problems(
        self, name: str, check: BoundedCheck[str], deadline_s: float
    ) -> list[Problem]:
        sentence = check.answer(wait_s=self._left_s(deadline_s))
        if sentence is None:
            return [_no_answer(name)]
        return [Problem(name, sentence)] if sentence else []

    def _journal_problems(self, lag: JournalLag | str | None) -> list[Problem]:
        if lag is None:
            return [_no_answer("journal")]
        if isinstance(lag, str):
            return [Problem("journal", lag)]
        if self._digester.trouble:
            # First of all: who has ended does not go on when it is told to.
            return [Problem("digester", self._digester.trouble)]
        if self._digester.is_paused:
            return [Problem("digester", f"paused, {lag.record_count} records are waiting")]
        behind_s = self.lag_s(lag)
        if behind_s > STALLED_AFTER_S:
            text = f"behind by {behind_s:.0f} s, {lag.record_count} records"
            return [Problem("digester", text)]
        return []

    def _disk_problems(self, free: int | str | None) -> list[Problem]:
        if free is None:
            return [_no_answer("disk")]
        if isinstance(free, str):
            return [Problem("disk", free)]
        floor = self._settings.disk_free_bytes_min
        if free < floor:
            why = f"{free} bytes free, less than the {floor} to be kept"
            return [Problem("disk", f"nothing is taken in: {why}")]
        return []

    def _ask_lag(self) -> JournalLag | str:
        try:
            return self._stores.journal.lag(after_sequence=self._digester.finished_up_to)
        except JournalError as error:
            return str(error)


def _sentence(check: Callable[[], None], failure: type[Exception]) -> str:
    try:
        check()
    except failure as error:
        return str(error) or failure.__name__
    return _FINE


def _free_bytes(folder: Path) -> int | str:
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        return f"the free space of {folder} cannot be read: {error.strerror}"


def _no_answer(name: str) -> Problem:
    return Problem(name, f"no answer within {CHECKS_S_MAX} s")
