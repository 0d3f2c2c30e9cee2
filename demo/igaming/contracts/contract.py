"""What a scenario promises, read from its file and checked at the border."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Final

SCENARIOS_DIR: Final = Path(__file__).resolve().parent.parent / "scenarios"
NEEDS_OF_KIND: Final = MappingProxyType(
    {
        "trace": "traces",
        "span": "traces",
        "service_map": "service map",
        "event": "errors",
        "issue": "issues",
        "finding": "findings",
        "profile": "profiles",
        "metric": "metrics",
        "metric_grows": "metrics",
        "business": "",
        "quiet": "errors",
        "new_in_release": "releases",
        "suspect_commit": "releases",
        "release_fails_more": "releases",
        "release_crashes": "releases",
        "issue_is_quiet": "releases",
        "issue_state": "issues",
    }
)
"""Which power of the server each kind of expectation asks for; none when the platform itself knows."""
POWERS: Final = frozenset(need for need in NEEDS_OF_KIND.values() if need) | {"releases", "alerts", "replays"}


class ContractError(Exception):
    """A scenario file is wrong; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done: a call to the gateway, something in a real browser, a deploy, a verdict."""

    name: str
    method: str = "POST"
    path: str = ""
    body: dict[str, object] | None = None
    as_player: bool = False
    browser: str = ""
    deploy: str = ""
    """A version of payment-service that is built and started in the place of the running one."""
    resolve_in: str = ""
    """Somebody resolves the issue that `query` finds, in this release."""
    query: str = ""
    times: int = 1
    phase: int = 1
    """A phase begins when all signals of the one before were seen, or their time was up."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One signal that must be seen, with its bounds."""

    kind: str
    says: str
    step: str = ""
    phase: int = 1
    bounds: dict[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a bound that is text; empty when it is not given."""
        return str(self.bounds.get(name, ""))

    def number(self, name: str, fallback: float = 0) -> float:
        """Return a bound that is a number."""
        value = self.bounds.get(name, fallback)
        return float(value) if isinstance(value, int | float) else fallback

    def texts(self, name: str) -> list[str]:
        """Return a bound that is a list of texts."""
        value = self.bounds.get(name, [])
        return [str(one) for one in value] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Contract:
    """A whole scenario."""

    name: str
    number: int
    title: str
    story: str
    deadline_seconds: float
    needs: tuple[str, ...]
    waiting: str
    preconditions: tuple[str, ...]
    faults: tuple[str, ...]
    load: tuple[str, float] | None
    trigger: tuple[Step, ...]
    rounds: int
    expect: tuple[Expectation, ...]
    recovery: str
    negative_faults: tuple[str, ...]
    negative_says: str
    links: dict[str, str]

    @property
    def phases(self) -> list[int]:
        """Return the phases in their order."""
        return sorted({step.phase for step in self.trigger} | {wish.phase for wish in self.expect})


def read_contracts(folder: Path = SCENARIOS_DIR) -> list[Contract]:
    """Read every scenario, ordered by file name."""
    return [read_contract(path) for path in sorted(folder.glob("*.toml"))]


def read_contract(path: Path) -> Contract:
    """Read one scenario; anything unknown or missing in it is an error, never ignored."""
    content = tomllib.loads(path.read_text())
    known = {
        "name",
        "number",
        "title",
        "story",
        "deadline_seconds",
        "needs",
        "waiting",
        "preconditions",
        "faults",
        "load",
        "trigger",
        "rounds",
        "expect",
        "recovery",
        "negative",
        "links",
    }
    unknown = set(content) - known
    if unknown:
        raise ContractError(f"{path.name}: unknown keys {sorted(unknown)}")
    try:
        contract = _contract(content)
    except (KeyError, TypeError) as error:
        raise ContractError(f"{path.name}: {error!r} is missing or of the wrong kind") from error
    for problem in _problems(contract):
        raise ContractError(f"{path.name}: {problem}")
    return contract


def _contract(content: dict[str, object]) -> Contract:
    load = content.get("load")
    negative = content.get("negative", {})
    recovery = content.get("recovery", {})
    assert isinstance(negative, dict)
    assert isinstance(recovery, dict)
    return Contract(
        name=str(content["name"]),
        number=int(str(content["number"])),
        title=str(content["title"]),
        story=str(content["story"]),
        deadline_seconds=float(str(content.get("deadline_seconds", 15))),
        needs=_texts(content, "needs"),
        waiting=str(content.get("waiting", "")),
        preconditions=_texts(content, "preconditions"),
        faults=_texts(content, "faults"),
        load=(str(load["profile"]), float(load["seconds"])) if isinstance(load, dict) else None,
        trigger=tuple(_step(table) for table in _tables(content, "trigger")),
        rounds=int(str(content.get("rounds", 1))),
        expect=tuple(_expectation(table) for table in _tables(content, "expect")),
        recovery=str(recovery.get("says", "")),
        negative_faults=tuple(str(name) for name in negative.get("faults", [])),
        negative_says=str(negative.get("says", "")),
        links={str(name): str(path) for name, path in _table(content, "links").items()},
    )


def _step(table: dict[str, object]) -> Step:
    body = table.get("body")
    unknown = set(table) - {field.name for field in fields(Step)}
    if unknown:
        raise TypeError(f"unknown keys {sorted(unknown)} in a trigger")
    return Step(
        name=str(table["name"]),
        method=str(table.get("method", "POST")),
        path=str(table.get("path", "")),
        body=body if isinstance(body, dict) else None,
        as_player=bool(table.get("as_player", False)),
        browser=str(table.get("browser", "")),
        deploy=str(table.get("deploy", "")),
        resolve_in=str(table.get("resolve_in", "")),
        query=str(table.get("query", "")),
        times=int(str(table.get("times", 1))),
        phase=int(str(table.get("phase", 1))),
    )


def _expectation(table: dict[str, object]) -> Expectation:
    bounds = {name: value for name, value in table.items() if name not in {"kind", "says", "step", "phase"}}
    return Expectation(
        kind=str(table["kind"]),
        says=str(table["says"]),
        step=str(table.get("step", "")),
        phase=int(str(table.get("phase", 1))),
        bounds=bounds,
    )


def _problems(contract: Contract) -> list[str]:
    steps = {step.name for step in contract.trigger}
    problems = [
        f"expectation kind {wish.kind!r} is unknown"
        for wish in contract.expect
        if wish.kind not in NEEDS_OF_KIND
    ]
    problems += [
        f"no step is called {wish.step!r}" for wish in contract.expect if wish.step and wish.step not in steps
    ]
    problems += [f"power {need!r} is unknown" for need in contract.needs if need not in POWERS]
    if not contract.expect:
        problems.append("a contract expects something")
    return problems


def _texts(content: dict[str, object], name: str) -> tuple[str, ...]:
    value = content.get(name, [])
    assert isinstance(value, list)
    return tuple(str(one) for one in value)


def _table(content: dict[str, object], name: str) -> dict[str, object]:
    value = content.get(name, {})
    assert isinstance(value, dict)
    return value


def _tables(content: dict[str, object], name: str) -> list[dict[str, object]]:
    value = content.get(name, [])
    assert isinstance(value, list)
    return value
