"""A file of a page that takes long to load."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf
from vedette.pipeline.detectors.address_shape import path_shape
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.slow_connection_wait import at_least_ns
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.uncompressed_asset import RESOURCE_SPANS, asset_address

KIND: Final = "slow_resource"
SIGN_FROM_NS: Final = 500_000_000


@dataclass(frozen=True, slots=True)
class SlowResourceSettings:
    """When it is slow."""

    duration_ms_min: float = 3_000.0


def find_slow_resources(tree: TraceTree, settings: SlowResourceSettings) -> Iterable[Finding]:
    """Return each file that took too long."""
    told: set[tuple[int, str]] = set()
    for place, span in enumerate(tree.spans):
        if not span.op.startswith("resource."):
            continue
        if span.duration_ns < settings.duration_ms_min * 1e6:
            continue
        segment, subject = tree.segment_of(place), path_shape(asset_address(span))
        if (segment, subject) in told:
            continue
        told.add((segment, subject))
        yield make_finding(
            KIND,
            tree,
            segment,
            [span],
            title="Slow resource",
            subject=subject,
            lost_ns=span.duration_ns - int(settings.duration_ms_min * 1e6),
            with_route=False,
            evidence={"address": asset_address(span), "duration_ms": span.duration_ns / 1e6},
        )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Slow resource",
    explanation=Explanation(
        what="A file that a page needs takes long to load.",
        why="Whatever needs it waits.",
        how="Make it smaller, keep it nearer (a CDN, a cache), or load it only when needed.",
    ),
    settings=SlowResourceSettings(),
    sign=Sign(where=AllOf((RESOURCE_SPANS, at_least_ns(SIGN_FROM_NS))), count_min=1),
    find=find_slow_resources,
)
