"""Contracts are read strictly, and every one of ours is met by the real platform."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ticketing.scenario_checks import CHECKS
from ticketing.scenario_file import ContractError, read_contract, read_contracts
from ticketing.scenario_runner import CONTRACTS, Verdict, missing, run_contract
from ticketing.scenario_steps import STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from ticketing.platform.layout import Layout
    from ticketing.scenario_file import Contract, Part

ALL = read_contracts(CONTRACTS)
GOOD = """
title = "t"
story = "s"
[[trigger]]
step = "order"
[[expect]]
check = "order_answered"
statuses = [303]
"""


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.name)
def test_a_contract_names_what_exists_and_has_a_negative_control(contract: Contract) -> None:
    steps = {part.name for part in _steps(contract)}
    checks = {part.name for part in _checks(contract)}

    assert steps <= set(STEPS)
    assert checks <= set(CHECKS)
    assert contract.never
    assert contract.precondition
    assert contract.links


def test_no_step_or_check_is_left_without_use() -> None:
    parts = [part for contract in ALL for part in (*_steps(contract), *_checks(contract))]

    assert {part.name for part in parts} == set(STEPS) | set(CHECKS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(("title", "titel"), "unknown titel", id="a misspelt key"),
        pytest.param(('story = "s"', ""), "needed", id="no story"),
        pytest.param(('step = "order"', ""), "names its step", id="a step without a name"),
        pytest.param(("[[trigger]]", "[trigger]"), "must be", id="one table instead of many"),
        pytest.param(('"t"', '"t'), "line", id="not TOML"),
        pytest.param(('"s"', '"s"\ndeadline_s = 0'), "deadline_s", id="no time"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(*change))

    with pytest.raises(ContractError, match=words):
        read_contract(path)


@pytest.mark.platform
@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.name)
def test_the_contract_is_met(contract: Contract, layout: Layout) -> None:
    if reason := missing(contract, os.environ):
        pytest.skip(reason)

    outcome = run_contract(contract, layout, os.environ)

    assert (outcome.verdict, outcome.reason) == (Verdict.MET, "")


def _steps(contract: Contract) -> tuple[Part, ...]:
    return (*contract.trigger, *contract.recover)


def _checks(contract: Contract) -> tuple[Part, ...]:
    return (*contract.precondition, *contract.expect, *contract.recovered, *contract.never)
