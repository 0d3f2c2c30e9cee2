"""The scoreboard: scenario × detected? × seconds to visible, printed and written."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

RESULTS_DIR: Final = Path(__file__).resolve().parent.parent / "results"

State = Literal["detected", "missed", "waiting", "skipped"]


@dataclass(frozen=True, slots=True)
class Line:
    """One expectation of one scenario."""

    scenario: str
    expectation: str
    state: State
    seconds: float | None = None
    why: str = ""


def write_scoreboard(lines: list[Line]) -> str:
    """Write the board as JSON and as a page, and return the page's text."""
    RESULTS_DIR.mkdir(exist_ok=True)
    (RESULTS_DIR / "scoreboard.json").write_text(
        json.dumps([asdict(line) for line in lines], indent=1) + "\n"
    )
    rows = ["| scenario | expectation | detected? | seconds |", "|---|---|---|---|"]
    for line in lines:
        seconds = f"{line.seconds:.1f}" if line.seconds is not None else "–"
        state = line.state if not line.why else f"{line.state}: {line.why}"
        rows.append(f"| {line.scenario} | {line.expectation} | {state} | {seconds} |")
    text = "\n".join(rows) + "\n"
    (RESULTS_DIR / "scoreboard.md").write_text(text)
    return text
