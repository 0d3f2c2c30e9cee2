"""A large script or style sheet that is sent as it is, where others are sent packed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import Compare, Condition, Field, Operator
from vedette.pipeline.detectors.address_shape import path_shape
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "uncompressed_asset"
ENCODED: Final = ("http.response_content_length", "http.response.body.size", "Encoded Body Size")
DECODED: Final = ("http.decoded_response_content_length", "Decoded Body Size")
TRANSFERRED: Final = ("http.response_transfer_size", "http.response.size", "Transfer Size")
RESOURCE_SPANS: Final[Condition] = Compare(Field("span.op"), Operator.LIKE, ("resource.*",))
_OPS: Final = ("resource.css", "resource.script")
_ENDINGS: Final = (".css", ".js", ".json", ".mjs")


@dataclass(frozen=True, slots=True)
class UncompressedSettings:
    """When it is worth it."""

    byte_count_min: int = 512_000
    duration_ms_min: float = 300.0


def find_uncompressed(tree: TraceTree, settings: UncompressedSettings) -> Iterable[Finding]:
    """Return large assets that came unpacked to a browser that can unpack."""
    packed_segments = {
        tree.segment_of(place)
        for place, span in enumerate(tree.spans)
        if span.op.startswith("resource.") and _is_packed(span)
    }
    for place, span in enumerate(tree.spans):
        segment = tree.segment_of(place)
        if span.op not in _OPS or segment not in packed_segments:
            continue
        encoded, decoded = span.number(*ENCODED), span.number(*DECODED)
        sent = span.number(*TRANSFERRED)
        address = asset_address(span)
        if encoded is None or encoded != decoded or encoded < settings.byte_count_min:
            continue
        is_sent = sent is not None and sent >= encoded
        is_long = span.duration_ns > settings.duration_ms_min * 1e6
        if is_sent and is_long and address.partition("?")[0].endswith(_ENDINGS):
            yield make_finding(
                KIND,
                tree,
                segment,
                [span],
                title="Asset sent unpacked",
                subject=path_shape(address),
                lost_ns=span.duration_ns // 2,
                with_route=False,
                evidence={"address": address, "bytes": encoded},
            )


def asset_address(span: SeenSpan) -> str:
    """Return where an asset came from."""
    return span.text("url.full", "http.url") or span.description or span.name


def _is_packed(span: SeenSpan) -> bool:
    encoded, decoded = span.number(*ENCODED), span.number(*DECODED)
    return encoded is not None and decoded is not None and 0 < encoded < decoded


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Asset sent unpacked",
    explanation=Explanation(
        what="A large script or style sheet is sent without compression.",
        why="It takes three to five times as long on the way as it needs to.",
        how="Turn on compression (gzip, brotli) for it at the server or the CDN.",
    ),
    settings=UncompressedSettings(),
    sign=Sign(where=RESOURCE_SPANS, count_min=1),
    find=find_uncompressed,
)
