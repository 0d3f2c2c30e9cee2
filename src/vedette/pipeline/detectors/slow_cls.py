"""A page whose CLS is poor by the common measure of web vitals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.web_vitals import find_poor_vital, vital_above

KIND: Final = "slow_cls"
SIGN_FROM: Final = 0.25 / 2
"""No project sets its limit lower."""


@dataclass(frozen=True, slots=True)
class SlowClsSettings:
    """From which value on it is poor."""

    cls_min: float = 0.25


def find_slow_cls(tree: TraceTree, settings: SlowClsSettings) -> Iterable[Finding]:
    """Return the pages on which it is poor."""
    return find_poor_vital(
        tree,
        kind=KIND,
        vital="cls",
        title="Layout that jumps",
        limit=settings.cls_min,
        unit="",
    )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="web",
    title="Layout that jumps",
    explanation=Explanation(
        what="What is shown moves while people read or click.",
        why="They lose their place and press what they did not mean.",
        how="Give pictures, adverts and late parts their room beforehand.",
    ),
    settings=SlowClsSettings(),
    sign=Sign(where=vital_above("cls", SIGN_FROM), count_min=1),
    find=find_slow_cls,
)
