"""The face of the telemetry store for several traces: what lists show, and how they are linked."""

from typing import Final, Protocol

from vedette.model.answer import Answer
from vedette.model.service_question import LinksQuestion, TraceSummariesQuestion

LINK_COLUMNS: Final = (
    "trace_id",
    "span_id",
    "other_trace_id",
    "other_span_id",
    "is_before",
    "time",
    "service",
    "op",
    "name",
    "kind",
    "attributes",
)
"""`is_before`: the other trace came before. From `time` on they tell of the span that has the link,
whichever trace it belongs to; `attributes` is the text of a JSON object."""

SUMMARY_COLUMNS: Final = (
    "trace_id",
    "start",
    "end",
    "span_count",
    "error_count",
    "services",
    "project_ids",
    "root_span_id",
    "root_name",
    "root_op",
    "root_service",
    "root_project_id",
    "root_duration_ns",
    "has_root",
)
"""Times are nanoseconds. The root is the earliest span without a parent; where there is none, the
earliest of all, and `has_root` is 0."""

TRACE_COUNT_MAX: Final = 200
"""Traces in one question."""
SERVICE_COUNT_MAX: Final = 50
"""Services named of one trace."""


class TraceListReader(Protocol):
    """Answers about several traces at once."""

    def links(self, question: LinksQuestion) -> Answer:
        """Answer `LINK_COLUMNS`, oldest first.

        Raises:
            QuestionRefused: It asks about too many traces.
        """
        ...

    def trace_summaries(self, question: TraceSummariesQuestion) -> Answer:
        """Answer `SUMMARY_COLUMNS`, in no order; unknown traces are left out.

        Raises:
            QuestionRefused: It asks about too many traces.
        """
        ...
