"""Print finished traces as trees that a person can read while developing.

POST /orders            31.2 ms  server  pass-lounge
├─ validate-input        0.1 ms
└─ send-email           12.0 ms  ERROR SMTPServerDisconnected: gone
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, Final, TextIO

from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, StatusCode
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

TRACE_COUNT_MAX: Final = 200
"""Traces that have begun and not ended; the oldest is printed as far as it got."""


class ConsoleTree(SpanExporter):
    """Holds the spans of a trace until its local root ends, then prints them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun: OrderedDict[int, list[ReadableSpan]] = OrderedDict()

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Print every trace whose local root is among `spans`."""
        for span in spans:
            if span.context is None:
                continue
            self._begun.setdefault(span.context.trace_id, []).append(span)
            if span.parent is None or span.parent.is_remote:
                self._print(self._begun.pop(span.context.trace_id))
            elif len(self._begun) > TRACE_COUNT_MAX:
                self._print(self._begun.popitem(last=False)[1])
        return SpanExportResult.SUCCESS

    @override
    def shutdown(self) -> None:
        """Print what has not ended, so that nothing is missing."""
        while self._begun:
            self._print(self._begun.popitem(last=False)[1])

    def _print(self, spans: Sequence[ReadableSpan]) -> None:
        self._stream.write("".join(f"{line}\n" for line in tree_lines(spans)))
        self._stream.flush()


def tree_lines(spans: Sequence[ReadableSpan]) -> Iterator[str]:
    """One line per span, children below their parent in the order they started."""
    known = {span.context.span_id for span in spans if span.context}
    children: dict[int | None, list[ReadableSpan]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: one.start_time or 0):
        parent_id = span.parent.span_id if span.parent else None
        children[parent_id if parent_id in known else None].append(span)
    for root in children[None]:
        yield _line(root, indent="")
        yield from _lines_below(root, children, indent="")


def _lines_below(
    span: ReadableSpan, children: dict[int | None, list[ReadableSpan]], indent: str
) -> Iterator[str]:
    below = children[span.context.span_id] if span.context else []
    for at, child in enumerate(below):
        is_last = at == len(below) - 1
        yield _line(child, indent=indent + ("└─ " if is_last else "├─ "))
        yield from _lines_below(child, children, indent + ("   " if is_last else "│  "))


def _line(span: ReadableSpan, *, indent: str) -> str:
    duration_ms = ((span.end_time or 0) - (span.start_time or 0)) / 1_000_000
    words = [f"{indent + span.name:<40} {duration_ms:>9.1f} ms"]
    if span.kind is not SpanKind.INTERNAL:
        words.append(span.kind.name.lower())
    if not indent:
        words.append(str(span.resource.attributes.get("service.name", "")))
    if span.status.status_code is StatusCode.ERROR:
        words.append(f"ERROR {span.status.description or ''}".rstrip())
    return "  ".join(words)
