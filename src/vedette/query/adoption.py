"""Whether a release is taken up in an environment, from its share of the sessions over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND

STEP_S: Final = 6 * 3_600
ADOPTED_SHARE_MIN: Final = 0.1
"""Of the sessions of a step: with less, a release is tried out or running out."""


class Stage(StrEnum):
    """How far a release is taken up, under the names that Sentry's clients use."""

    LOW = "low_adoption"
    ADOPTED = "adopted"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Adoption:
    """A stage, and when it was reached."""

    stage: Stage
    adopted_ns: int | None = None
    unadopted_ns: int | None = None


def adoption_of(own: Mapping[int, int], of_all: Mapping[int, int]) -> Adoption:
    """Return how far a release is taken up.

    Args:
        own: Its sessions by the beginning of the step (in nanoseconds) of `STEP_S` seconds.
        of_all: Those of all releases together; the last step with sessions is the present.
    """
    steps = sorted(step for step, count in of_all.items() if count)
    adopted = [step for step in steps if own.get(step, 0) >= ADOPTED_SHARE_MIN * of_all[step]]
    if not adopted:
        return Adoption(Stage.LOW)
    if adopted[-1] == steps[-1]:
        return Adoption(Stage.ADOPTED, adopted[0])
    left_ns = adopted[-1] + STEP_S * NANOSECONDS_PER_SECOND
    return Adoption(Stage.REPLACED, adopted[0], left_ns)
