"""Work in the browser that lets nothing else happen for long."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.model.question import Compare, Field, Operator
from vedette.pipeline.detectors.address_shape import path_shape
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.pipeline.detectors.seen_span import SeenSpan

KIND: Final = "long_task"
_OPS: Final = ("ui.long-task", "ui.long-animation-frame")
_SOURCE: Final = ("browser.script.invoker", "code.filepath", "code.file.path")


@dataclass(frozen=True, slots=True)
class LongTaskSettings:
    """When it is long."""

    duration_ms_min: float = 500.0


def find_long_tasks(tree: TraceTree, settings: LongTaskSettings) -> Iterable[Finding]:
    """Return the longest task of each page, if it is too long."""
    longest: dict[int, SeenSpan] = {}
    for place, span in enumerate(tree.spans):
        if span.op not in _OPS or span.duration_ns < settings.duration_ms_min * 1e6:
            continue
        segment = tree.segment_of(place)
        known = longest.get(segment)
        if known is None or span.duration_ns > known.duration_ns:
            longest[segment] = span
    for segment, span in longest.items():
        source = span.text(*_SOURCE)
        yield make_finding(
            KIND,
            tree,
            segment,
            [span],
            title="Long task",
            subject=path_shape(source) if source else "main thread",
            lost_ns=span.duration_ns,
            evidence={"source": source or None, "duration_ms": span.duration_ns / 1e6},
        )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Long task",
    explanation=Explanation(
        what="A script keeps the browser's main thread busy for long.",
        why="Meanwhile clicks, keys and painting wait.",
        how="Split it into short parts, do it later, or move it to a worker.",
    ),
    settings=LongTaskSettings(),
    sign=Sign(where=Compare(Field("span.op"), Operator.LIKE, ("ui.long-*",)), count_min=1),
    find=find_long_tasks,
)
