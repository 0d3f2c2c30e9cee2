"""A large asset that must be there before anything of a page is painted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.address_shape import path_shape
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.uncompressed_asset import ENCODED, RESOURCE_SPANS, asset_address
from vedette.pipeline.detectors.web_vitals import vital_names

KIND: Final = "render_blocking_asset"
_OPS: Final = ("resource.link", "resource.script", "resource.css")
_STATUS: Final = ("resource.render_blocking_status", "http.render_blocking_status")


@dataclass(frozen=True, slots=True)
class RenderBlockingSettings:
    """When it is worth it."""

    fcp_ms_min: float = 2_000.0
    fcp_ms_max: float = 10_000.0
    byte_count_min: int = 500_000
    share_min: float = 0.33
    """Of the time until the first paint."""


def find_render_blocking(tree: TraceTree, settings: RenderBlockingSettings) -> Iterable[Finding]:
    """Return large assets that ended before the first paint and took much of the time to it."""
    for place, span in enumerate(tree.spans):
        if span.op not in _OPS or span.text(*_STATUS) == "non-blocking":
            continue
        segment = tree.segment_of(place)
        page = tree.spans[segment]
        fcp_ms, size = page.number(*vital_names("fcp")), span.number(*ENCODED)
        if fcp_ms is None or size is None or size < settings.byte_count_min:
            continue
        is_blocking = span.end_ns <= page.start_ns + fcp_ms * 1e6
        is_slow_page = settings.fcp_ms_min <= fcp_ms <= settings.fcp_ms_max
        if is_blocking and is_slow_page and span.duration_ns > settings.share_min * fcp_ms * 1e6:
            address = asset_address(span)
            yield make_finding(
                KIND,
                tree,
                segment,
                [span],
                title="Asset that holds up painting",
                subject=path_shape(address),
                lost_ns=span.duration_ns,
                evidence={"address": address, "bytes": size, "first_paint_ms": fcp_ms},
            )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Asset that holds up painting",
    explanation=Explanation(
        what="A large asset must be loaded before anything of the page is painted.",
        why="People look at an empty page meanwhile.",
        how="Load it later (async, defer), split it, or put what is needed first into the page.",
    ),
    settings=RenderBlockingSettings(),
    sign=Sign(where=RESOURCE_SPANS, count_min=1),
    find=find_render_blocking,
)
