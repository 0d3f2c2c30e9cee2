"""One service is late, and those above it give up one after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import Compare, Field, Operator
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "timeout_chain"
CHAIN_LENGTH_MAX: Final = 100
_STATUSES: Final = frozenset({408.0, 504.0})


@dataclass(frozen=True, slots=True)
class TimeoutChainSettings:
    """How long a chain is too long."""

    service_count_min: int = 2


def find_timeout_chains(tree: TraceTree, settings: TimeoutChainSettings) -> Iterable[Finding]:
    """Return chains of services that failed because one of them was not answered in time."""
    for place, span in enumerate(tree.spans):
        if not is_timeout(span):
            continue
        if any(is_timeout(tree.spans[child]) for child in tree.children[place]):
            continue  # the deepest tells it
        chain = [place]
        for above in islice(tree.ancestors(place), CHAIN_LENGTH_MAX):
            if not (is_timeout(tree.spans[above]) or tree.spans[above].is_failed):
                break
            chain.append(above)
        services = list(dict.fromkeys(tree.spans[each].service for each in chain))
        if len(services) < settings.service_count_min:
            continue
        yield make_finding(
            KIND,
            tree,
            tree.segment_of(place),
            [tree.spans[each] for each in chain],
            title="Chain of time-outs",
            subject=" → ".join(reversed(services)),
            lost_ns=tree.spans[chain[-1]].duration_ns,
            evidence={"services": len(services), "waited_for": span.name},
        )


def is_timeout(span: SeenSpan) -> bool:
    """Tell whether a span ended because somebody waited for too long."""
    if span.status_text == "deadline_exceeded":
        return True
    if span.number("http.response.status_code", "http.status_code") in _STATUSES:
        return True
    error = span.text("exception.type", "error.type").lower()
    return span.is_failed and ("timeout" in error or "deadline" in error)


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Chain of time-outs",
    explanation=Explanation(
        what="A service is not answered in time, and so its callers fail too.",
        why="Everybody in the chain waits and holds connections; one slow part stops many.",
        how="Let time-outs shrink on the way down, and answer with less instead of failing.",
    ),
    settings=TimeoutChainSettings(),
    sign=Sign(where=Compare(Field("is_failed"), Operator.EQUAL, (True,)), count_min=1),
    find=find_timeout_chains,
)
