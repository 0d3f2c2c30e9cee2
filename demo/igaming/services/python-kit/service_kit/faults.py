"""Know which faults of this service are on.

The fault service is asked twice a second. When it cannot be reached every fault counts as off,
because off is the safe state.
"""

import logging
import queue
import threading
from typing import Final

import httpx
import sentry_sdk

from service_kit.settings import url_of

POLL_SECONDS: Final = 0.5
CALL_SECONDS_MAX: Final = 2.0
EMITTED_COUNT_MAX: Final = 100
"""News that nobody fetched beyond this are dropped: they are for the panel, not for the business."""

logger = logging.getLogger(__name__)


class Faults:
    """The faults of one service, watched by a thread of their own.

    The thread is started outside any request, so its calls belong to no trace.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._active: frozenset[str] = frozenset()
        self._news: queue.Queue[str] = queue.Queue(EMITTED_COUNT_MAX)
        self._stopping = threading.Event()
        self._client = httpx.Client(base_url=url_of("FAULT_SERVICE", "8086"), timeout=CALL_SECONDS_MAX)
        self._thread = threading.Thread(target=self._watch, name="faults", daemon=True)
        self._thread.start()

    def on(self, name: str) -> bool:
        """Say whether a fault (named without the service) is on at this moment."""
        return f"{self._service}/{name}" in self._active

    def emitted(self, name: str) -> None:
        """Note that a fault showed its effect in the current trace; never waits, never raises."""
        trace_id = (sentry_sdk.get_traceparent() or "").split("-")[0]
        if not self._news.full():
            self._news.put_nowait(f"/faults/{self._service}/{name}/emitted?trace_id={trace_id}")

    def close(self) -> None:
        """End the watching."""
        self._stopping.set()
        self._thread.join(CALL_SECONDS_MAX)

    def _watch(self) -> None:
        started = False
        while not self._stopping.wait(POLL_SECONDS):
            # Faults that were not asked to survive a restart end here.
            started = started or self._post(f"/services/{self._service}/started")
            self._refresh()
            while not self._news.empty():
                self._post(self._news.get_nowait())

    def _refresh(self) -> None:
        try:
            answer = self._client.get("/effective", params={"service": self._service})
            self._active = frozenset(answer.json())
        except (httpx.HTTPError, ValueError):
            self._active = frozenset()

    def _post(self, path: str) -> bool:
        try:
            return self._client.post(path).is_success
        except httpx.HTTPError as error:
            logger.debug("fault service not told: %s", error)
            return False
