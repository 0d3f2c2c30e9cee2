"""Calls that queue for a connection, because HTTP/1.1 has few for each host."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.calls import Call, calls_by_segment
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.unbounded_query import has_number

KIND: Final = "http_overhead"
REQUEST_START: Final = "http.request.request_start"


@dataclass(frozen=True, slots=True)
class HttpOverheadSettings:
    """When calls queue too long."""

    count_min: int = 6
    delay_ms_min: float = 500.0
    """Of the last."""


def find_http_overhead(tree: TraceTree, settings: HttpOverheadSettings) -> Iterable[Finding]:
    """Return the hosts for which calls of a page wait in line."""
    for segment, calls in calls_by_segment(tree).items():
        by_host: dict[str, list[tuple[Call, float]]] = defaultdict(list)
        for call in calls:
            begun_s = call.span.number(REQUEST_START)
            version = call.span.text("network.protocol.version")
            if begun_s is not None and version == "1.1" and call.host:
                by_host[call.host].append((call, begun_s * 1e9 - call.span.start_ns))
        for waiting in by_host.values():
            line = _line(waiting)
            if len(line) >= settings.count_min and line[-1][1] >= settings.delay_ms_min * 1e6:
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [call.span for call, _ in line],
                    title="Calls wait for connections",
                    subject="HTTP/1.1",
                    lost_ns=int(line[-1][1]),
                    evidence={
                        "host": line[0][0].host,
                        "count": len(line),
                        "delay_ms": line[-1][1] / 1e6,
                    },
                )


def _line(waiting: list[tuple[Call, float]]) -> list[tuple[Call, float]]:
    """Return overlapping calls of which each waits longer than the one before."""
    line: list[tuple[Call, float]] = []
    for call, delay_ns in waiting:
        is_beside = not line or call.span.start_ns < line[-1][0].span.end_ns
        if line and not (is_beside and delay_ns > line[-1][1]):
            continue
        line.append((call, delay_ns))
    return line


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Calls wait for connections",
    explanation=Explanation(
        what="A page makes many calls at once to a host that speaks HTTP/1.1.",
        why="Browsers open six connections for each host; all other calls wait in line.",
        how="Serve with HTTP/2 or HTTP/3, or make fewer calls.",
    ),
    settings=HttpOverheadSettings(),
    sign=Sign(where=has_number(REQUEST_START), count_min=6),
    find=find_http_overhead,
)
