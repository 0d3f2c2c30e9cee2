"""One page for each scenario, made from its file, so that page, panel and test cannot drift apart.

`python -m contracts.pages` writes them; a test holds that they are up to date.
"""

from pathlib import Path
from typing import Final

from contracts.contract import NEEDS_OF_KIND, SCENARIOS_DIR, Contract, Step, read_contracts

PAGES_DIR: Final = SCENARIOS_DIR / "pages"


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    contracts = read_contracts()
    return {
        PAGES_DIR / "README.md": _list_of(contracts),
        **{PAGES_DIR / f"{contract.name}.md": _page(contract) for contract in contracts},
    }


def _list_of(contracts: list[Contract]) -> str:
    lines = ["# The scenarios", "", "Made from `scenarios/*.toml` by `python -m contracts.pages`.", ""]
    lines += ["| no. | scenario | signals | within |", "|---|---|---|---|"]
    lines += [
        f"| {contract.number} | [{contract.title}]({contract.name}.md) | {len(contract.expect)}"
        f" | {contract.deadline_seconds:.0f} s |"
        for contract in contracts
    ]
    return "\n".join(lines) + "\n"


def _page(contract: Contract) -> str:
    lines = [f"# {contract.number} · {contract.title}", "", contract.story, ""]
    if contract.waiting:
        lines += [f"Waiting: {contract.waiting}.", ""]
    if contract.preconditions:
        lines += [f"Before: {'; '.join(contract.preconditions)}.", ""]
    lines += ["## What is done", ""]
    lines += [f"- The fault `{name}` is switched on." for name in contract.faults]
    if contract.load:
        lines.append(f"- Visitors come for {contract.load[1]:.0f} s (profile {contract.load[0]}).")
    lines += [f"- {_said(step)}" for step in contract.trigger if step.phase == contract.phases[0]]
    if contract.rounds > 1:
        lines.append(f"- All of it {contract.rounds} times.")
    lines += ["", f"## What must be seen within {contract.deadline_seconds:.0f} s", ""]
    for phase in contract.phases:
        if phase != contract.phases[0]:
            lines += ["", "Then:", ""]
            lines += [f"- {_said(step)}" for step in contract.trigger if step.phase == phase]
            lines += ["", "And it must be seen:", ""]
        lines += [f"- {wish.says}{_asks(wish.kind)}" for wish in contract.expect if wish.phase == phase]
    if contract.recovery:
        lines += ["", f"Recovery: {contract.recovery}."]
    if contract.negative_faults:
        lines += [
            "",
            f"Negative control, with `{'`, `'.join(contract.negative_faults)}`: {contract.negative_says}.",
        ]
    return "\n".join(lines) + "\n"


def _said(step: Step) -> str:
    if step.deploy:
        return f"Version {step.deploy} of payment-service is built and deployed."
    if step.resolve_in:
        return f"Somebody resolves the issue in `{step.resolve_in}`."
    if step.browser:
        return f"In a real browser: `{step.browser}`{_times(step)}."
    who = "A player calls" if step.as_player else "Somebody calls"
    return f"{who} `{step.method} {step.path}`{_times(step)}."


def _times(step: Step) -> str:
    return f", {step.times} times" if step.times > 1 else ""


def _asks(kind: str) -> str:
    need = NEEDS_OF_KIND[kind]
    return f" ({need})" if need else ""


def main() -> None:
    """Write all pages."""
    PAGES_DIR.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
