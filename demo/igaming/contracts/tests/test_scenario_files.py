"""The scenario files agree with the fault catalogue and with each other."""

import json
from pathlib import Path

import pytest

from contracts.contract import Contract, ContractError, read_contract, read_contracts
from contracts.pages import pages
from control.settings import PLATFORM_DIR

CATALOGUE = {fault["name"]: fault for fault in json.loads((PLATFORM_DIR / "faults.json").read_text())}
CONTRACTS = read_contracts()


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_fault_of_a_contract_is_in_the_catalogue(contract: Contract) -> None:
    for name in (*contract.faults, *contract.negative_faults):
        assert CATALOGUE[name]["kind"] == "switch"
    for step in contract.trigger:
        if step.path.startswith("/api/debug/"):
            assert CATALOGUE[step.path.removeprefix("/api/debug/")]["kind"] == "endpoint"


def test_every_debug_endpoint_has_a_contract_or_shows_as_performance() -> None:
    triggered = {step.path.removeprefix("/api/debug/") for one in CONTRACTS for step in one.trigger}
    endpoints = {name for name, fault in CATALOGUE.items() if fault["kind"] == "endpoint"}
    # The "-once" forms do once what a switch does to every request; the switches have the contracts.
    assert {name for name in endpoints - triggered if not name.endswith("-once")} == {
        "notification-service/poison-message"
    }


def test_all_faults_are_off_by_default() -> None:
    assert not [name for name, fault in CATALOGUE.items() if fault["default_on"]]


def test_every_scenario_number_is_there() -> None:
    assert {contract.number for contract in CONTRACTS} == set(range(8))


def test_names_are_unique() -> None:
    assert len({contract.name for contract in CONTRACTS}) == len(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_a_later_phase_begins_with_something_that_is_done(contract: Contract) -> None:
    done_in = {step.phase for step in contract.trigger}
    assert {wish.phase for wish in contract.expect} - done_in <= {1}


def test_every_version_that_a_contract_deploys_can_be_built() -> None:
    releases = PLATFORM_DIR / "releases"
    versions = {step.deploy for one in CONTRACTS for step in one.trigger if step.deploy} - {"1.0.0"}
    assert versions
    for version in versions:
        assert (releases / f"payment-service-{version}.patch").is_file()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('name = "x"', id="nearly everything is missing"),
        pytest.param('name="x"\nnumber=1\ntitle="t"\nstory="s"\ncolour="red"', id="an unknown key"),
        pytest.param('name="x"\nnumber=1\ntitle="t"\nstory="s"', id="nothing is expected"),
        pytest.param(
            'name="x"\nnumber=1\ntitle="t"\nstory="s"\n[[expect]]\nkind="magic"\nsays="?"',
            id="an unknown kind of expectation",
        ),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(content)
    with pytest.raises(ContractError):
        read_contract(path)


def test_the_pages_are_those_of_the_files() -> None:
    for path, text in pages().items():
        assert path.read_text() == text, f"{path.name} is old; run `python -m contracts.pages`"
