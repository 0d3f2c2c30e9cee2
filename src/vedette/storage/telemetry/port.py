"""The telemetry store: blocks of rows in, answers to questions out.

TelemetryError
├── StoreUnreachable     the engine does not answer: try again later
├── StoreRefused         the engine refuses these rows (a mistake of ours): a person must look
├── QuestionGivenUp      nobody waits for the answer any more
├── QuestionRefused      this question asks too much or for something unknown; says what
└── EngineMismatch       the folder was written by another version of the engine
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from vedette.model.answer import Answer, PackedTrace
from vedette.model.block import Block
from vedette.model.question import (
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    OutcomeQuestion,
    RowQuestion,
    SpanQuestion,
    TraceQuestion,
    ValueCountsQuestion,
)
from vedette.model.value_counts import ValueCounts
from vedette.storage.telemetry.attachment_port import AttachmentKeeper
from vedette.storage.telemetry.detection_port import DetectionReader
from vedette.storage.telemetry.feedback_port import FeedbackReader
from vedette.storage.telemetry.group_port import GroupReader
from vedette.storage.telemetry.service_port import CallSettler, ServiceReader
from vedette.storage.telemetry.session_port import SessionReader
from vedette.storage.telemetry.trace_list_port import TraceListReader

TRACE_COLUMNS: Final = (
    "project_id",
    "span_id",
    "parent_span_id",
    "start_time",
    "duration_ns",
    "name",
    "op",
    "description",
    "kind",
    "status",
    "status_text",
    "status_message",
    "is_segment",
    "segment_id",
    "segment_name",
    "service",
    "environment",
    "release",
    "platform",
    "protocol",
    "origin",
    "profile_id",
)
"""What a view of a whole trace shows of each span, under the names of the table's columns."""


class TelemetryError(Exception):
    """The telemetry store could not do what was asked."""


class StoreUnreachable(TelemetryError):  # noqa: N818 - a state, not a mistake
    """The engine does not answer."""


class StoreRefused(TelemetryError):  # noqa: N818 - a state, not a mistake
    """The engine refuses these rows."""


class QuestionRefused(TelemetryError):  # noqa: N818 - a state, not a mistake
    """The question asks too much, or for something that is not there. The text is for the asker."""


class QuestionGivenUp(TelemetryError):  # noqa: N818 - a state, not a mistake
    """Whoever asked has left, or waited too long: there is nobody to tell."""


class EngineMismatch(TelemetryError):  # noqa: N818 - a state, not a mistake
    """The folder was written by a newer or foreign engine."""


@dataclass(frozen=True, slots=True)
class TableSize:
    """What a table takes."""

    table: str
    row_count: int
    byte_count: int
    part_count: int


class TelemetryWriter(Protocol):
    """The end of the write road."""

    def put(self, blocks: Sequence[Block], *, token: str) -> None:
        """Store the blocks; they are durable when this returns.

        Idempotent: blocks that were put under the same token and table before are not stored
        again, also when a crash left only some of them. At most one block per table in a call.

        Raises:
            StoreUnreachable: Nothing is known about what was stored; put again.
            StoreRefused: One block cannot be stored; the others may have been.
        """
        ...

    def known_event_ids(
        self, *, project_id: int, event_ids: Sequence[str], before_sequence: int
    ) -> frozenset[str]:
        """Return those of the ids that came in with an earlier journal record."""
        ...


class TelemetryReader(
    SessionReader, GroupReader, ServiceReader, TraceListReader, FeedbackReader, Protocol
):
    """The start of the read road. Every question names the projects it may see."""

    def rows(self, question: RowQuestion) -> Answer:
        """Answer rows or groups, with one column per selected thing, in its order.

        Column names are those of `Field.name`, `Attribute.key`, or `count()`, `p95(x)`, ….
        Ids are hex text; times are integers of nanoseconds; durations are nanoseconds.
        """
        ...

    def trace(self, question: TraceQuestion) -> Answer:
        """Answer all spans of a trace in the columns of `TRACE_COLUMNS`, oldest first.

        A span that came twice is given once. An unknown trace has no rows.
        """
        ...

    def packed_trace(self, question: TraceQuestion) -> PackedTrace:
        """Answer all spans of a trace in the form in which they are put together natively."""
        ...

    def span(self, question: SpanQuestion) -> Answer:
        """Answer one span, or no row.

        The columns are `TRACE_COLUMNS`, then `attributes` and `resource_attributes` (objects of
        names to values, promoted ones under the name they are shown under), `events` (a list of
        `time`, `name`, `attributes`) and `links` (a list of `trace_id`, `span_id`, `attributes`).
        """
        ...

    def attribute_keys(self, question: AttributeKeysQuestion) -> Answer:
        """Answer `key`, `type`, `count`, most frequent first."""
        ...

    def attribute_values(self, question: AttributeValuesQuestion) -> Answer:
        """Answer `value`, `count`, `first_seen`, `last_seen`, most frequent first."""
        ...

    def value_counts(self, question: ValueCountsQuestion) -> ValueCounts:
        """Count the values of fields, attributes and resources (`resource.` before their names).

        Fields that take a value of their own in nearly every row, such as ids, are left out.
        """
        ...

    def outcomes(self, question: OutcomeQuestion) -> Answer:
        """Answer the grouped columns (and `time` if asked for), then `quantity`."""
        ...


class TelemetryKeeper(Protocol):
    """Housekeeping."""

    def drop_older_than(self, *, table: str, before_ns: int) -> int:
        """Drop whole partitions that end before this time; return how many were dropped."""
        ...

    def drop_oldest(self) -> str | None:
        """Drop the oldest day of all signals (the disk is short); say which, None if none.

        The newest day of each signal stays, whatever the disk says.
        """
        ...

    def forget_groups(
        self, project_id: int, hashes: Sequence[str], *, received_before_ns: int
    ) -> None:
        """Delete the events of these groups that were received before this time.

        May be repeated. Waits for what is being put, and lets nothing be put meanwhile.
        """
        ...

    def sizes(self) -> Sequence[TableSize]:
        """Tell what each table takes."""
        ...

    def check(self) -> None:
        """Return if the engine answers.

        Raises:
            TelemetryError: It does not; the text says why.
        """
        ...

    def close(self) -> None:
        """Let go of the engine; what was put is safe. May be called twice."""
        ...


class Telemetry(
    TelemetryWriter,
    TelemetryReader,
    CallSettler,
    DetectionReader,
    TelemetryKeeper,
    AttachmentKeeper,
    Protocol,
):
    """All faces; only the wiring sees them together."""
