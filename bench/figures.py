"""A measured figure, what it should be, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked of a figure."""

    must: float
    stretch: float | None = None
    is_least: bool = False
    """Whether more is better."""

    def verdict(self, got: float) -> str:
        """Return how good a figure is."""
        if self.stretch is not None and self._reaches(got, self.stretch):
            return "stretch"
        return "yes" if self._reaches(got, self.must) else "NO"

    def _reaches(self, got: float, wanted: float) -> bool:
        return got >= wanted if self.is_least else got <= wanted


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    got: float
    unit: str
    goal: Goal | None = None

    def facts(self) -> dict[str, object]:
        """Return it as JSON."""
        return asdict(self) | {"verdict": self.goal.verdict(self.got) if self.goal else None}


def at_least(must: float, stretch: float | None = None) -> Goal:
    """Return the goal of a figure of which more is better."""
    return Goal(must, stretch, is_least=True)


def at_most(must: float, stretch: float | None = None) -> Goal:
    """Return the goal of a figure of which less is better."""
    return Goal(must, stretch)


def table(figures: Sequence[Figure]) -> str:
    """Return all figures as people read them."""
    rows = [("what", "must", "stretch", "got", "", "ok?")]
    for each in figures:
        goal = each.goal
        rows.append(
            (
                each.name,
                _text(goal.must) if goal else "",
                _text(goal.stretch) if goal and goal.stretch is not None else "",
                _text(each.got),
                each.unit,
                goal.verdict(each.got) if goal else "",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [row[column].rjust(widths[column]) for column in (1, 2, 3)]
    cells += [row[column].ljust(widths[column]) for column in (4, 5)]
    return "  ".join(cells).rstrip()


def _text(value: float) -> str:
    """Write about three digits: more would claim a precision that no figure here has."""
    whole_digits = len(str(int(abs(value))))
    return f"{value:,.{max(0, 3 - whole_digits)}f}"


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
