"""Run contracts against a running platform and print what was seen, and how soon.

python -m ticketing.scenario_runner [--state DIR] [--port-base 4410] [name …]
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from enum import StrEnum, unique
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ticketing.platform.layout import PORT_BASE_DEFAULT, Layout
from ticketing.platform.start import STATE_DEFAULT
from ticketing.scenario_checks import CHECKS
from ticketing.scenario_file import read_contracts
from ticketing.scenario_steps import STEPS, Run
from ticketing.scenario_visitor import Visitor
from ticketing.settings import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ticketing.scenario_file import Contract, Part

CONTRACTS: Final = Path(__file__).parents[2] / "scenarios"
LOOK_EVERY_S: Final = 0.1
NEEDED_VARIABLES: Final = {"vedette": ("VEDETTE_URL", "VEDETTE_OTLP", "VEDETTE_TOKEN")}


@unique
class Verdict(StrEnum):
    """How a scenario ended."""

    MET = "met"
    NOT_MET = "NOT MET"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the table."""

    contract: Contract
    verdict: Verdict
    seconds: float
    """From the end of the trigger until everything expected was seen."""
    reason: str = ""
    links: tuple[str, ...] = ()


def missing(contract: Contract, variables: Mapping[str, str]) -> str:
    """Why a contract cannot be tried; empty when it can."""
    absent = [
        name
        for need in contract.needs
        for name in NEEDED_VARIABLES.get(need, (f"unknown need {need!r}",))
        if not variables.get(name)
    ]
    return f"not set: {', '.join(absent)}" if absent else ""


def run_contract(contract: Contract, layout: Layout, variables: Mapping[str, str]) -> Outcome:
    """Trigger, look until the deadline, recover, look again, and check the negative control."""
    if reason := missing(contract, variables):
        return Outcome(contract, Verdict.WAITING, 0.0, reason)
    run = Run(layout, Visitor(layout), variables)
    try:
        return _run(contract, run)
    finally:
        run.visitor.switch_fault("all-off")
        run.visitor.close()


def _run(contract: Contract, run: Run) -> Outcome:
    unmet = _look(run, contract.precondition, time.monotonic() + contract.deadline_s)
    if unmet:
        reason = "; ".join(f"precondition: {_words(part)}" for part in unmet)
        return Outcome(contract, Verdict.NOT_MET, 0.0, reason)
    for step in contract.trigger:
        STEPS[step.name](run, step.parameters)
    begun = time.monotonic()
    unseen = _look(run, contract.expect, begun + contract.deadline_s)
    seconds = time.monotonic() - begun
    for step in contract.recover:
        STEPS[step.name](run, step.parameters)
    unseen += _look(run, contract.recovered, time.monotonic() + contract.deadline_s)
    wrong = [part for part in contract.never if CHECKS[part.name](run, part.parameters)]
    if unseen or wrong:
        reason = "; ".join(
            [f"not seen: {_words(part)}" for part in unseen]
            + [f"seen and should not be: {_words(part)}" for part in wrong]
        )
        return Outcome(contract, Verdict.NOT_MET, seconds, reason)
    return Outcome(contract, Verdict.MET, seconds, links=_links(contract, run))


def _look(run: Run, parts: Sequence[Part], deadline: float) -> list[Part]:
    """What was not seen by the deadline."""
    unseen = list(parts)
    while True:
        unseen = [part for part in unseen if not CHECKS[part.name](run, part.parameters)]
        if not unseen or time.monotonic() > deadline:
            return unseen
        time.sleep(LOOK_EVERY_S)


def _links(contract: Contract, run: Run) -> tuple[str, ...]:
    lounge = run.layout.url("pass-lounge")
    return tuple(f"{lounge}{link.format(trace_id=run.trace_id)}" for link in contract.links)


def _words(part: Part) -> str:
    return f"{part.name} {dict(part.parameters)}"


def _line(outcome: Outcome) -> str:
    seconds = f"{outcome.seconds:6.1f} s" if outcome.verdict is Verdict.MET else " " * 8
    more = outcome.reason or "  ".join(outcome.links)
    return f"{outcome.contract.name:<28} {outcome.verdict.value:<8} {seconds}  {more}"


def main() -> int:
    """0 when no contract failed."""
    parser = argparse.ArgumentParser(prog="scenario_runner", description=__doc__)
    parser.add_argument("--state", type=Path, default=STATE_DEFAULT)
    parser.add_argument("--port-base", type=int, default=PORT_BASE_DEFAULT)
    parser.add_argument("names", nargs="*", help="scenarios to run, all when none is given")
    options = parser.parse_args()
    variables = environment()
    layout = Layout.open(options.state, options.port_base, variables)
    outcomes: list[Outcome] = []
    for contract in read_contracts(CONTRACTS):
        if not options.names or contract.name in options.names:
            outcomes.append(run_contract(contract, layout, variables))
            print(_line(outcomes[-1]), flush=True)
    return int(not outcomes or any(one.verdict is Verdict.NOT_MET for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
