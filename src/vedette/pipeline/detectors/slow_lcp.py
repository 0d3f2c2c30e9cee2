"""A page whose LCP is poor by the common measure of web vitals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.web_vitals import find_poor_vital, vital_above

KIND: Final = "slow_lcp"
SIGN_FROM: Final = 4000.0 / 2
"""No project sets its limit lower."""


@dataclass(frozen=True, slots=True)
class SlowLcpSettings:
    """From which value on it is poor."""

    lcp_ms_min: float = 4000.0


def find_slow_lcp(tree: TraceTree, settings: SlowLcpSettings) -> Iterable[Finding]:
    """Return the pages on which it is poor."""
    return find_poor_vital(
        tree,
        kind=KIND,
        vital="lcp",
        title="Slow largest paint",
        limit=settings.lcp_ms_min,
        unit="_ms",
    )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Slow largest paint",
    explanation=Explanation(
        what="What people come for is painted late.",
        why="They wait before an empty page, and some leave.",
        how="Load its picture or text earlier (preload, smaller, nearer), render it on the server.",
    ),
    settings=SlowLcpSettings(),
    sign=Sign(where=vital_above("lcp", SIGN_FROM), count_min=1),
    find=find_slow_lcp,
)
