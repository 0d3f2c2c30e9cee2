"""What has happened in a scenario, and where to look for its signals."""

from dataclasses import dataclass

from contracts.contract import Expectation
from contracts.server import Server
from contracts.visitor import Observed, Visitor


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a judgement may look at."""

    server: Server
    visitor: Visitor
    observed: dict[str, list[Observed]]
    started_at: float

    def last(self, wish: Expectation) -> Observed:
        """Return what the step of an expectation told us."""
        return self.observed[wish.step][-1]
