"""What OpenTelemetry for Python lacks, and nothing that it has; README.md is the tour."""

from waymark.browser_door import BrowserSpans, read_browser_spans
from waymark.propagation import (
    StrictPropagator,
    extract_trace_context,
    inject,
    read_trace_headers,
)
from waymark.scans import ScanMethod, ScanSpans, scan_spans
from waymark.span_queue import QueueCounts, QueueSettings, SpanQueue
from waymark.trace_parent import HeaderFault, TraceParent
from waymark.trace_state import OwnEntry
from waymark.tracer import Span, SpanBuilder, SpanScope, Tracer
from waymark.tracing import Settings, Tracing, start

__all__ = [
    "BrowserSpans",
    "HeaderFault",
    "OwnEntry",
    "QueueCounts",
    "QueueSettings",
    "ScanMethod",
    "ScanSpans",
    "Settings",
    "Span",
    "SpanBuilder",
    "SpanQueue",
    "SpanScope",
    "StrictPropagator",
    "TraceParent",
    "Tracer",
    "Tracing",
    "extract_trace_context",
    "inject",
    "read_browser_spans",
    "read_trace_headers",
    "scan_spans",
    "start",
]
