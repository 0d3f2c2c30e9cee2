"""What must be done now and then: old data dropped, the disk watched, old sign-ins forgotten."""

import logging
import shutil
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vedette.app.settings import Settings
from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.storage.attachment_desk import AttachmentDesk
from vedette.storage.blobs.port import BlobError
from vedette.storage.metadata.port import MetadataError, People
from vedette.storage.telemetry.port import TelemetryError, TelemetryKeeper

logger = logging.getLogger(__name__)

RETENTION_EVERY_S: Final = 600.0
DISK_EVERY_S: Final = 10.0
DAY_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
CALL_ENDS_KEPT_NS: Final = 3 * 3_600 * NANOSECONDS_PER_SECOND
"""Ends of calls are of use until they are settled, a minute after they came in."""
DISK_MARGIN: Final = 1.25
"""Old data goes a little before the door has to close."""

DROPPED_SHOWN_MAX: Final = 100
"""What was dropped for the disk, newest last: the log has all of it."""


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """What lies in the blob store and goes by age."""

    attachments: AttachmentDesk
    forget_unneeded_chunks: Callable[[], int] = lambda: 0


class Housekeeping:
    """Runs on a thread of its own between `start` and `stop`."""

    def __init__(
        self,
        keeper: TelemetryKeeper,
        people: People,
        files: KeptFiles,
        settings: Settings,
        data: Path,
        clock: Clock,
    ) -> None:
        self._keeper = keeper
        self._people = people
        self._attachments = files.attachments
        self._settings = settings
        self._data = data
        self._clock = clock
        self._forget_unneeded_chunks = files.forget_unneeded_chunks
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping")
        self.dropped_for_disk: deque[str] = deque(maxlen=DROPPED_SHOWN_MAX)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being done."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        last_retention_s = self._clock.monotonic_s() - RETENTION_EVERY_S
        while not self._stopping.wait(DISK_EVERY_S):
            try:
                self.watch_disk()
                if self._clock.monotonic_s() - last_retention_s >= RETENTION_EVERY_S:
                    last_retention_s = self._clock.monotonic_s()
                    self.drop_old()
            except (TelemetryError, MetadataError, BlobError, OSError):
                logger.exception("housekeeping failed, trying again later")

    def drop_old(self) -> None:
        """Drop what is older than its signal's retention, and sign-ins whose time is over."""
        now_ns = self._clock.now_ns()
        self._people.forget_expired(now_ns=now_ns)
        chunk_count = self._forget_unneeded_chunks()
        if chunk_count:
            logger.info("forgot %d chunks of which no upload was made", chunk_count)
        self._keeper.drop_older_than(table="call_ends", before_ns=now_ns - CALL_ENDS_KEPT_NS)
        # The bytes before the rows: the rows say which days there are.
        kept_ns = self._settings.retention_days_errors * DAY_NS
        self._attachments.forget_blobs_before(before_ns=now_ns - kept_ns)
        for table, days in retention_days(self._settings).items():
            dropped = self._keeper.drop_older_than(table=table, before_ns=now_ns - days * DAY_NS)
            if dropped:
                logger.info("dropped %d old partitions of %s", dropped, table)

    def watch_disk(self) -> None:
        """Drop the oldest day when the disk is short."""
        free = shutil.disk_usage(self._data).free
        if free >= self._settings.disk_free_bytes_min * DISK_MARGIN:
            return
        dropped = self._keeper.drop_oldest()
        if dropped:
            table, _, day = dropped.partition(" ")
            if table == "attachments":
                self._attachments.forget_blobs_of_day(day)
            self.dropped_for_disk.append(dropped)
            logger.warning("the disk is short: dropped the oldest data, %s", dropped)


def retention_days(settings: Settings) -> Mapping[str, int]:
    """Return how many days each table is kept, counted from the end of a partition."""
    # Rows of these signals name a resource and fill the list of attribute names.
    longest = max(
        settings.retention_days_spans,
        settings.retention_days_logs,
        settings.retention_days_metrics,
    )
    return {
        "errors": settings.retention_days_errors,
        "attachments": settings.retention_days_errors,
        "feedback": settings.retention_days_errors,
        "findings": settings.retention_days_errors,
        # A week more than the events: counts of their last week stand in one partition.
        "error_groups": settings.retention_days_errors + 7,
        "sessions": settings.retention_days_errors,
        "spans": settings.retention_days_spans,
        # A week more than the spans: their last week's lookups stand in one partition.
        "traces": settings.retention_days_spans + 7,
        "trace_links": settings.retention_days_spans + 7,
        "operations": settings.retention_days_spans,
        "calls": settings.retention_days_spans,
        # A month more than the rows that need them: a row may be later than its resource.
        "resources": longest + 31,
        "attribute_keys": longest + 31,
        "logs": settings.retention_days_logs,
        "metrics": settings.retention_days_metrics,
        "outcomes": settings.retention_days_outcomes,
    }
