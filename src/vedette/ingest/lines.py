"""All lines. A new signal is one new file `line_<signal>.py`, named here."""

from typing import Final

from vedette.ingest import (
    line_attachments,
    line_errors,
    line_feedback,
    line_logs,
    line_metrics,
    line_outcomes,
    line_sessions,
    line_spans,
    line_waiting,
)
from vedette.ingest.line import Line

LINES: Final[tuple[Line, ...]] = (
    line_errors.LINE,
    line_spans.LINE,
    line_logs.LINE,
    line_metrics.LINE,
    line_sessions.LINE,
    line_attachments.LINE,
    line_feedback.LINE,
    line_outcomes.LINE,
    line_waiting.LINE,
)

FALLBACK: Final[Line] = line_waiting.LINE
"""Takes the item types that nobody knows."""
