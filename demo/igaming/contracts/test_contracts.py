"""Runs every scenario against the running platform and a running server."""

import time
from typing import Final

import pytest

from contracts.contract import NEEDS_OF_KIND, Contract, Expectation, read_contracts
from contracts.expectations import judge
from contracts.scene import Scene
from contracts.scoreboard import Line
from contracts.server import Server
from contracts.visitor import NoBrowserError, Visitor
from load.visitors import run_load

POLL_SECONDS: Final = 0.25
NEGATIVE_SECONDS: Final = 6.0
"""How long a signal that must not come is waited for."""

CONTRACTS: Final = read_contracts()


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_the_server_sees_what_the_scenario_promises(
    contract: Contract, server: Server, visitor: Visitor, scoreboard: list[Line]
) -> None:
    answerable = _answerable(contract, server, scoreboard)

    scene = _begin(contract, contract.faults, server, visitor)
    missed = []
    for phase in contract.phases:
        _trigger(contract, phase, scene)
        wishes = [wish for wish in answerable if wish.phase == phase]
        missed += _watch(contract, wishes, scene, scoreboard)
    visitor.all_off()

    assert not missed, "\n".join(missed)
    if contract.recovery:
        assert not _still_seen(contract, answerable, (), server, visitor), (
            f"after recovery: {contract.recovery}"
        )
    if len(answerable) < len(contract.expect):
        # Never as passed: the rest of the promise is still open.
        pytest.skip(
            f"{len(answerable)} of {len(contract.expect)} signals seen; the others wait for the server"
        )


@pytest.mark.parametrize(
    "contract", [one for one in CONTRACTS if one.negative_faults], ids=lambda contract: contract.name
)
def test_another_fault_does_not_meet_the_contract(
    contract: Contract, server: Server, visitor: Visitor
) -> None:
    answerable = _answerable(contract, server, [])

    seen = _still_seen(contract, answerable, contract.negative_faults, server, visitor)

    assert not seen, f"{contract.negative_says}, yet: {seen}"


def _answerable(contract: Contract, server: Server, scoreboard: list[Line]) -> list[Expectation]:
    """Return what the server can be asked today; list the rest as waiting; skip when nothing is left."""
    whole = contract.waiting or "; ".join(filter(None, (server.lacks(need) for need in contract.needs)))
    answerable = []
    for wish in contract.expect:
        need = NEEDS_OF_KIND[wish.kind]
        reason = whole or (server.lacks(need) if need else "")
        if reason:
            scoreboard.append(Line(contract.name, wish.says, "waiting", why=reason))
        else:
            answerable.append(wish)
    if not answerable:
        pytest.skip(f"waits: {whole or 'the server cannot be asked for any of its signals yet'}")
    return answerable


def _begin(contract: Contract, faults: tuple[str, ...], server: Server, visitor: Visitor) -> Scene:
    started_at = time.time()
    for fault in faults:
        visitor.switch(fault, on=True)
    if contract.load:
        profile, seconds = contract.load
        run_load(profile, seconds)
    return Scene(server, visitor, {}, started_at)


def _trigger(contract: Contract, phase: int, scene: Scene) -> None:
    # A second round must count on the same issues and make none of its own.
    for step in [one for one in contract.trigger if one.phase == phase] * contract.rounds:
        if step.resolve_in:
            scene.server.resolve(step.query, step.resolve_in)
            continue
        try:
            scene.observed.setdefault(step.name, []).append(scene.visitor.perform(step))
        except NoBrowserError as error:
            pytest.skip(str(error))


def _watch(contract: Contract, wishes: list[Expectation], scene: Scene, scoreboard: list[Line]) -> list[str]:
    """Ask until every expectation is met or its time is up; each time is counted from its own step."""
    waiting = list(wishes)
    missed = []
    while waiting:
        for wish in tuple(waiting):
            began = scene.last(wish).at if wish.step else scene.started_at
            reason = judge(wish, scene)
            seconds = time.time() - began
            if not reason:
                scoreboard.append(Line(contract.name, wish.says, "detected", seconds))
                waiting.remove(wish)
            elif time.time() > _deadline(contract, scene, wish):
                scoreboard.append(Line(contract.name, wish.says, "missed", why=reason))
                missed.append(f"{wish.says}: {reason}")
                waiting.remove(wish)
        time.sleep(POLL_SECONDS)
    return missed


def _deadline(contract: Contract, scene: Scene, wish: Expectation) -> float:
    began = scene.last(wish).at if wish.step else scene.started_at
    load_seconds = contract.load[1] if contract.load else 0
    return began + load_seconds + wish.number("deadline_seconds", contract.deadline_seconds)


def _still_seen(
    contract: Contract, wishes: list[Expectation], faults: tuple[str, ...], server: Server, visitor: Visitor
) -> str:
    """Trigger with other faults; return what of the contract is met all the same."""
    judged = [wish for wish in wishes if wish.kind in {"finding", "span"}]
    if not judged:
        return ""
    scene = _begin(contract, faults, server, visitor)
    for phase in contract.phases:
        _trigger(contract, phase, scene)
    deadline = time.time() + NEGATIVE_SECONDS
    while time.time() < deadline:
        for wish in judged:
            if not judge(wish, scene):
                return wish.says
        time.sleep(POLL_SECONDS)
    return ""
