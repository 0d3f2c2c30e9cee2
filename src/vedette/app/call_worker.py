"""Settle calls between services a little after both their ends came in, on a thread of its own."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.storage.journal.port import JournalError, JournalLag
from vedette.storage.telemetry.port import TelemetryError
from vedette.storage.telemetry.service_port import CallSettler

logger = logging.getLogger(__name__)

EVERY_S: Final = 5.0
RECEIVED_TO_JOURNAL_NS: Final = 5 * NANOSECONDS_PER_SECOND
"""A body is received a moment before the journal has it; so long it may take at most, or a call
whose end came in it is not known by both its ends."""


class CallWorker:
    """Runs between `start` and `stop`."""

    def __init__(self, settler: CallSettler, lag: Callable[[], JournalLag], clock: Clock) -> None:
        self._settler = settler
        self._lag = lag
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="calls")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being done."""
        self._stopping.set()
        self._thread.join()

    def settle(self) -> None:
        """Settle whatever is complete: all that was received before is digested."""
        now_ns = self._clock.now_ns()
        oldest_ns = self._lag().oldest_received_ns
        before_ns = min(now_ns, now_ns if oldest_ns is None else oldest_ns)
        while not self._stopping.is_set():
            if not self._settler.settle_calls(arrived_before_ns=before_ns - RECEIVED_TO_JOURNAL_NS):
                return

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            try:
                self.settle()
            except (TelemetryError, JournalError):
                logger.exception("calls could not be settled, trying again later")
