"""A page whose INP is poor by the common measure of web vitals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.web_vitals import find_poor_vital, vital_above

KIND: Final = "slow_inp"
SIGN_FROM: Final = 500.0 / 2
"""No project sets its limit lower."""


@dataclass(frozen=True, slots=True)
class SlowInpSettings:
    """From which value on it is poor."""

    inp_ms_min: float = 500.0


def find_slow_inp(tree: TraceTree, settings: SlowInpSettings) -> Iterable[Finding]:
    """Return the pages on which it is poor."""
    return find_poor_vital(
        tree,
        kind=KIND,
        vital="inp",
        title="Slow reaction",
        limit=settings.inp_ms_min,
        unit="_ms",
    )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Slow reaction",
    explanation=Explanation(
        what="The page reacts late to clicks and keys.",
        why="People press again, or think that it hangs.",
        how="Do less in the handler, split long tasks, move work to a worker.",
    ),
    settings=SlowInpSettings(),
    sign=Sign(where=vital_above("inp", SIGN_FROM), count_min=1),
    find=find_slow_inp,
)
