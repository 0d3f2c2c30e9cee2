"""Read a contract: what happens, what must be seen, by when, and what must not be seen.

One TOML file per scenario. The same form serves any platform: the file names steps and checks, a
platform brings their meaning (here `scenario_steps.py` and `scenario_checks.py`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Parameters: TypeAlias = "Mapping[str, object]"

DEADLINE_S_MAX: Final = 120.0
KNOWN_KEYS: Final = frozenset(
    {
        "title", "story", "deadline_s", "needs", "precondition", "trigger", "expect", "recover",
        "recovered", "never", "links",
    }
)  # fmt: skip


class ContractError(Exception):
    """The file is not a contract; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Part:
    """A step or a check: its name and what it is given."""

    name: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Contract:
    """One scenario."""

    name: str
    title: str
    story: str
    deadline_s: float
    """Everything in `expect` is seen so soon after the trigger."""
    needs: tuple[str, ...]
    """What must be there, such as `vedette`; without it the scenario is skipped, not passed."""
    precondition: tuple[Part, ...]
    """What must hold before, or the trigger proves nothing."""
    trigger: tuple[Part, ...]
    expect: tuple[Part, ...]
    recover: tuple[Part, ...]
    recovered: tuple[Part, ...]
    never: tuple[Part, ...]
    """Negative control: checks that must not be met, or the others prove nothing."""
    links: tuple[str, ...]
    """Where a person looks: paths of the lounge, `{trace_id}` is that of the first order."""


def read_contract(path: Path) -> Contract:
    """Raises `ContractError`."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ContractError(f"{path.name}: {error}") from error
    if unknown := set(table) - KNOWN_KEYS:
        raise ContractError(f"{path.name}: unknown {', '.join(sorted(unknown))}")
    deadline_s = float(table.get("deadline_s", 15))
    if not 0 < deadline_s <= DEADLINE_S_MAX:
        raise ContractError(f"{path.name}: deadline_s must be above 0 and at most 120")
    contract = Contract(
        name=path.stem,
        title=str(table.get("title", "")),
        story=str(table.get("story", "")),
        deadline_s=deadline_s,
        needs=tuple(map(str, table.get("needs", ()))),
        precondition=_parts(path, table, "precondition", "check"),
        trigger=_parts(path, table, "trigger", "step"),
        expect=_parts(path, table, "expect", "check"),
        recover=_parts(path, table, "recover", "step"),
        recovered=_parts(path, table, "recovered", "check"),
        never=_parts(path, table, "never", "check"),
        links=tuple(map(str, table.get("links", ()))),
    )
    if not (contract.title and contract.story and contract.trigger and contract.expect):
        raise ContractError(f"{path.name}: title, story, trigger and expect are needed")
    return contract


def read_contracts(folder: Path) -> list[Contract]:
    """All contracts of a folder, in the order of their names."""
    return [read_contract(path) for path in sorted(folder.glob("*.toml"))]


def _parts(path: Path, table: Parameters, key: str, kind: str) -> tuple[Part, ...]:
    given = table.get(key, [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ContractError(f"{path.name}: {key} must be [[{key}]] tables")
    parts: list[Part] = []
    for one in given:
        if not isinstance(one.get(kind), str):
            raise ContractError(f"{path.name}: each [[{key}]] names its {kind}")
        parameters = {name: value for name, value in one.items() if name != kind}
        parts.append(Part(one[kind], parameters))
    return tuple(parts)
