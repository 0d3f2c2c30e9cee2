"""Rounds of detection, on a thread of their own."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.detection.detection_round import DetectionRound
from vedette.storage.journal.port import JournalError, JournalLag
from vedette.storage.metadata.port import MetadataError
from vedette.storage.telemetry.port import TelemetryError

logger = logging.getLogger(__name__)

EVERY_S: Final = 2.0
SETTLE_NS: Final = 4 * NANOSECONDS_PER_SECOND
"""A trace has so long to come in, and a body to get from the door to the journal."""
STOP_S: Final = 5.0
"""A round that is under way is waited for so long; what it did not finish is done again."""


class DetectionWorker:
    """Runs between `start` and `stop`."""

    def __init__(self, rounds: DetectionRound, lag: Callable[[], JournalLag], clock: Clock) -> None:
        self._round = rounds
        self._lag = lag
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="detection", daemon=True)
        self.trouble: str | None = None
        """Why nothing is judged at this moment; None when all is well."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being done."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def work_once(self) -> bool:
        """Do one round; true if there is more to do at once."""
        now_ns = self._clock.now_ns()
        try:
            oldest_ns = self._lag().oldest_received_ns
            # Whatever was received before is digested.
            before_ns = now_ns if oldest_ns is None else min(now_ns, oldest_ns)
            has_more = self._round.look(received_before_ns=before_ns - SETTLE_NS)
        except (TelemetryError, MetadataError, JournalError) as error:
            self.trouble = str(error)
            logger.warning("a store is away, detectors look later: %s", error)
            return False
        except Exception as error:  # the thread's edge: a mistake must not end all later rounds
            self.trouble = repr(error)
            logger.exception("a round of detection failed")
            return False
        self.trouble = None
        return has_more

    def _run(self) -> None:
        has_more = False
        while not self._stopping.wait(0.0 if has_more else EVERY_S):
            has_more = self.work_once()
