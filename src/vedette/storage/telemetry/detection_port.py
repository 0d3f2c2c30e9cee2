"""The face of the telemetry for detectors: some whole traces at once, with their attributes."""

from dataclasses import dataclass
from typing import Final, Protocol

from vedette.model.answer import Answer

TRACE_COUNT_MAX: Final = 200
JUDGED_COLUMNS: Final = (
    "trace_id",
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
    "is_segment",
    "segment_name",
    "service",
    "environment",
    "release",
    "platform",
    "origin",
    "scope_name",
    "attributes",
)
"""What a detector sees of a span, under the names of the table's columns."""


@dataclass(frozen=True, slots=True)
class TracesQuestion:
    """Some traces, each by its first spans."""

    trace_ids: tuple[str, ...]
    project_ids: tuple[int, ...]
    span_count_max: int
    """Of each trace."""


class DetectionReader(Protocol):
    """Traces to be judged."""

    def judged_traces(self, question: TracesQuestion) -> Answer:
        """Answer `JUDGED_COLUMNS`, trace by trace, the spans of each oldest first.

        `attributes` are objects; promoted ones stand under the name they are shown under. A span
        that came twice may be answered twice. Unknown traces have no rows.

        Raises:
            QuestionRefused: More than `TRACE_COUNT_MAX` traces are asked for.
        """
        ...
