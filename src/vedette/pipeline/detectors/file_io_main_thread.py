"""Files or databases read on the thread that draws, so that nothing moves meanwhile."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import Attribute, Has
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import time_covered_ns
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "file_io_main_thread"
BLOCKED: Final = "blocked_main_thread"
_QUIET: Final = (".nib", ".plist", "kblayout")


@dataclass(frozen=True, slots=True)
class MainThreadSettings:
    """How long may be read: one frame of sixty in a second."""

    time_ms_min: float = 16.0


def find_main_thread_io(tree: TraceTree, settings: MainThreadSettings) -> Iterable[Finding]:
    """Return what was read and written while the main thread stood still."""
    by_parent: dict[int | None, list[int]] = defaultdict(list)
    for place, span in enumerate(tree.spans):
        is_io = span.op.startswith(("file", "db"))
        if is_io and _is_blocking(span) and not any(each in _name(span) for each in _QUIET):
            by_parent[tree.parents[place]].append(place)
    for places in by_parent.values():
        spans = [tree.spans[place] for place in places]
        blocked_ns = time_covered_ns(spans)
        if blocked_ns >= settings.time_ms_min * 1e6:
            longest = max(spans, key=lambda span: span.duration_ns)
            yield make_finding(
                KIND,
                tree,
                tree.segment_of(places[0]),
                spans,
                title="Input and output on the main thread",
                subject=longest.op,
                lost_ns=blocked_ns,
                evidence={
                    "file": _name(longest),
                    "count": len(spans),
                    "blocked_ms": blocked_ns / 1e6,
                },
            )


def _is_blocking(span: SeenSpan) -> bool:
    return span.text(BLOCKED).lower() in ("true", "1")


def _name(span: SeenSpan) -> str:
    return span.text("file.path") or span.description or span.name


DETECTOR: Final = make_detector(
    kind=KIND,
    category="code",
    title="Input and output on the main thread",
    explanation=Explanation(
        what="Files or a database are read on the thread that draws and hears the user.",
        why="While it waits for the disk, nothing moves.",
        how="Read and write on a thread of its own, and show the result when it is there.",
    ),
    settings=MainThreadSettings(),
    sign=Sign(where=Has(Attribute(BLOCKED)), count_min=1),
    find=find_main_thread_io,
)
