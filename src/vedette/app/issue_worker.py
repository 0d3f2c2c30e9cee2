"""Time's say about issues, on a thread of its own: what is due, what escalates, what is to go."""

import logging
import threading
from typing import Final

from vedette.base.clock import Clock
from vedette.issues.waking import IssueWaker
from vedette.storage.metadata.all_projects import all_projects
from vedette.storage.metadata.port import MetadataError, Projects
from vedette.storage.telemetry.port import TelemetryError

logger = logging.getLogger(__name__)

WAKE_EVERY_S: Final = 10.0
ESCALATION_EVERY_S: Final = 600.0
STOP_S: Final = 5.0
"""A round that is under way is waited for so long; it may be repeated."""


class IssueWorker:
    """Runs between `start` and `stop`."""

    def __init__(self, waker: IssueWaker, projects: Projects, clock: Clock) -> None:
        self._waker = waker
        self._projects = projects
        self._clock = clock
        self._looked_s = clock.monotonic_s()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="issues", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being done."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def work_once(self) -> None:
        """Do one round."""
        try:
            self._waker.wake_due()
            self._waker.delete_forgotten()
            now_s = self._clock.monotonic_s()
            if now_s - self._looked_s >= ESCALATION_EVERY_S:
                self._looked_s = now_s
                projects = all_projects(self._projects)
                self._waker.look_for_escalation([each.project_id for each in projects])
        except (MetadataError, TelemetryError) as error:
            logger.warning("a store is away, issues are looked after later: %s", error)
        except Exception:  # the thread's edge: a mistake must not end all later rounds
            logger.exception("a round of looking after issues failed")

    def _run(self) -> None:
        while not self._stopping.wait(WAKE_EVERY_S):
            self.work_once()
