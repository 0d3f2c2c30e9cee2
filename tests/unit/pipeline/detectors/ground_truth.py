"""All told traces by the kind of fault, and the table of what detectors make of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from tests.unit.pipeline.detectors.normal_day import normal_day
from tests.unit.pipeline.detectors.told_trace import ToldTrace
from tests.unit.pipeline.detectors.truth_database import DATABASE
from tests.unit.pipeline.detectors.truth_network import NETWORK
from tests.unit.pipeline.detectors.truth_pages import PAGES
from vedette.pipeline.detectors.catalogue import DETECTORS

TRUTH: Final[Mapping[str, tuple[Sequence[ToldTrace], Sequence[ToldTrace]]]] = {
    **DATABASE,
    **NETWORK,
    **PAGES,
}
"""By kind: traces that have the fault, and traces that only nearly have it."""

TRACES_PER_HOUR: Final = 40
SEED: Final = 20


def truth_table() -> str:
    """Return what was found, missed and falsely found, as a table for people."""
    normal = [told.tree() for told in normal_day(TRACES_PER_HOUR, SEED)]
    lines = [
        (
            "| detector | category | found | missed | falsely found in near misses"
            f" | found in a normal day of {len(normal)} traces |"
        ),
        "|---|---|---|---|---|---|",
    ]
    for detector in DETECTORS:
        faulty, near = TRUTH[detector.kind]
        found = sum(bool(list(detector.find(told.tree(), {}))) for told in faulty)
        false = sum(bool(list(detector.find(told.tree(), {}))) for told in near)
        in_normal = sum(bool(list(detector.find(tree, {}))) for tree in normal)
        lines.append(
            f"| `{detector.kind}` | {detector.category} | {found} of {len(faulty)}"
            f" | {len(faulty) - found} | {false} of {len(near)} | {in_normal} |"
        )
    return "\n".join(lines) + "\n"
