"""The telemetry store on the engine that runs in this process."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from vedette.model.block import Block
from vedette.storage.telemetry.attachment_reader import AttachmentsReader
from vedette.storage.telemetry.attribute_reader import AttributeReader
from vedette.storage.telemetry.call_settler import CallSettler
from vedette.storage.telemetry.decode import decode_column
from vedette.storage.telemetry.detection_reader import DetectionReader
from vedette.storage.telemetry.engine import Engine, EngineLimits
from vedette.storage.telemetry.feedback_reader import FeedbacksReader
from vedette.storage.telemetry.group_keeper import GroupsKeeper
from vedette.storage.telemetry.group_reader import GroupsReader
from vedette.storage.telemetry.keeper import Keeper
from vedette.storage.telemetry.mend import make_durable, mend
from vedette.storage.telemetry.migrate import engine_version_of, migrate, refuse_newer_engine
from vedette.storage.telemetry.port import StoreUnreachable
from vedette.storage.telemetry.reader import RowReader
from vedette.storage.telemetry.service_reader import ServiceReader
from vedette.storage.telemetry.session_reader import SessionsReader
from vedette.storage.telemetry.trace_list_reader import TraceListReader
from vedette.storage.telemetry.trace_reader import TraceReader
from vedette.storage.telemetry.value_counts import ValueCountReader

__all__ = ["ChdbTelemetry", "EngineLimits", "engine_version_of", "open_telemetry"]

logger = logging.getLogger(__name__)

FED_BY_VIEW = {
    "spans": ("traces", "operations", "trace_links", "call_ends"),
    "errors": ("error_groups",),
    "findings": ("error_groups",),
}
"""Tables that the engine fills from rows of another, in the same insert."""


def open_telemetry(
    folder: Path, limits: EngineLimits, *, has_attribute_index: bool
) -> "ChdbTelemetry":
    """Open the folder's telemetry, creating what is missing.

    Raises:
        EngineMismatch: A newer engine wrote the folder.
        StoreUnreachable: The engine cannot be started, or this process holds another folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_newer_engine(folder)
    for line in mend(folder):
        logger.warning("mended after a crash: %s", line)
    engine = Engine(folder, limits)
    try:
        migrate(engine, folder, has_attribute_index=has_attribute_index)
    except BaseException:
        engine.close()
        raise
    return ChdbTelemetry(engine, folder, has_attribute_index=has_attribute_index)


class ChdbWriter:
    """The end of the write road."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._tables = folder / "data" / "default"
        self._put_lock = threading.Lock()

    def put(self, blocks: Sequence[Block], *, token: str) -> None:
        """Store the blocks; see the port."""
        # One at a time: two inserts with one token, side by side, would both see no duplicate.
        with self._put_lock:
            stored: list[str] = []
            try:
                for block in blocks:
                    self._engine.insert(block.table, block.body, token=token)
                    stored += (block.table, *FED_BY_VIEW.get(block.table, ()))
            finally:
                # Together at the end: the file system then writes its own journal once for all.
                self._make_durable(stored)

    def known_event_ids(
        self, *, project_id: int, event_ids: Sequence[str], before_sequence: int
    ) -> frozenset[str]:
        """Return those of the ids that came in with an earlier journal record."""
        if not event_ids:
            return frozenset()
        answer = self._engine.ask(
            "SELECT DISTINCT lower(hex(event_id)) FROM errors"
            " WHERE project_id = {project_id:UInt32}"
            # A set, not an array: an array would be searched from end to end for every row.
            " AND event_id IN"
            " (SELECT toFixedString(unhex(arrayJoin({event_ids:Array(String)})), 16))"
            " AND journal_sequence < {before_sequence:UInt64}",
            {
                "project_id": project_id,
                "event_ids": tuple(event_ids),
                "before_sequence": before_sequence,
            },
        )
        return frozenset(str(event_id) for event_id in decode_column(answer))

    def _make_durable(self, tables: Sequence[str]) -> None:
        try:
            for table in tables:
                make_durable(self._tables / table)
        except OSError as error:
            raise StoreUnreachable(f"rows could not be brought to the disk: {error}") from error


class ChdbTelemetry(
    ChdbWriter,
    RowReader,
    TraceReader,
    AttributeReader,
    SessionsReader,
    GroupsReader,
    GroupsKeeper,
    AttachmentsReader,
    FeedbacksReader,
    ValueCountReader,
    ServiceReader,
    TraceListReader,
    DetectionReader,
    CallSettler,
    Keeper,
):
    """All faces of the port; each lies in a class of its own."""

    def __init__(self, engine: Engine, folder: Path, *, has_attribute_index: bool) -> None:
        ChdbWriter.__init__(self, engine, folder)
        RowReader.__init__(self, engine, has_attribute_index=has_attribute_index)
        CallSettler.__init__(self, engine, folder)

    def close(self) -> None:
        """Let go of the engine; see the port."""
        self._engine.close()
