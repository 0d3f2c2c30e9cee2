"""What browsers measure of a page: how each vital is found, for the detectors of vitals."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.model.question import AnyOf, Attribute, Compare, Condition, Operator, ValueType
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue

CAUSE_LENGTH_MAX: Final = 200


def vital_names(vital: str) -> tuple[str, ...]:
    """Return the attributes that hold a vital."""
    return (f"browser.web_vital.{vital}.value", f"measurements.{vital}", vital)


def vital_above(vital: str, value: float) -> Condition:
    """Return the condition that a vital is at least so large."""
    return AnyOf(
        tuple(
            Compare(Attribute(name, ValueType.NUMBER), Operator.GREATER_OR_EQUAL, (value,))
            for name in vital_names(vital)
        )
    )


def find_poor_vital(
    tree: TraceTree, *, kind: str, vital: str, title: str, limit: float, unit: str
) -> Iterable[Finding]:
    """Return the worst of a vital on each page of a trace, if it is poor."""
    worst: dict[int, tuple[float, SeenSpan]] = {}
    for place, value in _values(tree, vital):
        segment = tree.segment_of(place)
        if value > limit and value > worst.get(segment, (0.0,))[0]:
            worst[segment] = (value, tree.spans[place])
    for segment, (value, span) in worst.items():
        cause = _cause(span, vital)
        evidence: dict[str, JsonValue] = {
            f"{vital}{unit}": value,
            "limit": limit,
            "cause": cause or None,
        }
        yield make_finding(
            kind,
            tree,
            segment,
            [span],
            title=title,
            subject=cause or "page",
            lost_ns=int((value - limit) * 1e6) if unit else 0,
            evidence=evidence,
        )


def _values(tree: TraceTree, vital: str) -> Iterator[tuple[int, float]]:
    for place, span in enumerate(tree.spans):
        is_vital = span.op.startswith(("ui.webvital", "ui.interaction", "pageload"))
        value = span.number(*vital_names(vital)) if is_vital or span.is_segment else None
        if value is not None:
            yield place, value


def _cause(span: SeenSpan, vital: str) -> str:
    """Return the element that a vital is about, without what makes each of them differ."""
    element = span.text(
        f"browser.web_vital.{vital}.element",
        f"{vital}.element",
        f"browser.web_vital.{vital}.source.1",
    )
    if not element and span.op.startswith(("ui.webvital", "ui.interaction")):
        element = span.description
    return element.split(":nth-")[0][:CAUSE_LENGTH_MAX]
