"""An answer of a service that is larger than anybody reads.

Callers often do not know how large it was; then the span of the service that was called says it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf, AnyOf, Attribute, Compare, Operator, ValueType
from vedette.pipeline.detectors.calls import calls_by_segment
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.route import route_of
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "large_payload"
SIGN_FROM_BYTES: Final = 100_000
SIZES: Final = (
    "http.response.body.size",
    "http.response_content_length",
    "http.response.size",
    "http.response_transfer_size",
)


@dataclass(frozen=True, slots=True)
class LargePayloadSettings:
    """When an answer is large."""

    byte_count_min: int = 300_000
    duration_ms_min: float = 100.0


def find_large_payloads(tree: TraceTree, settings: LargePayloadSettings) -> Iterable[Finding]:
    """Return calls with a large answer, by what the caller or the called one says."""
    told: set[tuple[int, str]] = set()
    for call in (each for calls in calls_by_segment(tree).values() for each in calls):
        size = call.span.number(*SIZES)
        if size is None and call.called is not None:
            size = call.called.number(*SIZES)
        is_long = call.span.duration_ns >= settings.duration_ms_min * 1e6
        if size is None or size < settings.byte_count_min or not is_long or _is_file(call.address):
            continue
        segment = tree.segment_of(call.place)
        subject = call.shape.replace(call.host, "", 1) or call.span.name
        if call.called is not None and not call.shape:
            subject = route_of(call.called)
        if (segment, subject) in told:
            continue
        told.add((segment, subject))
        yield make_finding(
            KIND,
            tree,
            segment,
            [call.span],
            title="Large answer",
            subject=subject,
            lost_ns=call.span.duration_ns,
            causes=_causes(call.called),
            with_route=False,
            evidence={"address": call.address or None, "bytes": size},
        )


def _causes(called: SeenSpan | None) -> list[SeenSpan]:
    return [] if called is None else [called]


def _is_file(address: str) -> bool:
    """Tell whether a file was asked for: those are as large as they are."""
    name = address.partition("?")[0].rpartition("/")[2]
    ending = name.rpartition(".")[2] if "." in name else ""
    return bool(ending) and ending.isalnum() and ending.lower() != "json" and "://" in address


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Large answer",
    explanation=Explanation(
        what="A service answers with much more than a caller is likely to need.",
        why="It is put together, sent, read and kept in memory before anything goes on.",
        how="Answer in pages, leave out fields, compress.",
    ),
    settings=LargePayloadSettings(),
    # The size may stand at the called side only, which is another service's span.
    sign=Sign(
        where=AllOf(
            (
                AnyOf(
                    tuple(
                        Compare(
                            Attribute(name, ValueType.NUMBER),
                            Operator.GREATER_OR_EQUAL,
                            (SIGN_FROM_BYTES,),
                        )
                        for name in SIZES
                    )
                ),
            )
        ),
        count_min=1,
    ),
    find=find_large_payloads,
)
