"""The steps that contracts may name: what people do and what is done to the platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import httpx

from ticketing.platform.supervision import Control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ticketing.platform.layout import Layout
    from ticketing.scenario_visitor import Placed, Visitor

FOREIGN_TRACE_ID: Final = "c0ffee00c0ffee00c0ffee00c0ffee01"
FOREIGN_TRACEPARENT: Final = f"00-{FOREIGN_TRACE_ID}-c0ffee00c0ffee01-01"


@dataclass
class Run:
    """One run of a contract: who acts, and what came of it so far."""

    layout: Layout
    visitor: Visitor
    environment: Mapping[str, str]
    orders: list[Placed] = field(default_factory=list)
    scans: list[dict[str, object]] = field(default_factory=list)
    webhook_statuses: list[int] = field(default_factory=list)
    dropped_before: int = 0

    @property
    def control(self) -> Control:
        """Starts and stops programs."""
        return Control(self.layout)

    @property
    def trace_id(self) -> str:
        """The trace of the first order."""
        return self.orders[0].trace_id


Step: TypeAlias = "Callable[[Run, Mapping[str, object]], None]"


def order(run: Run, given: Mapping[str, object]) -> None:
    """Order tickets; how often, for which event, how many."""
    for _ in range(_number(given, "times", 1)):
        placed = run.visitor.order(
            str(given.get("event", "open-air")), quantity=_number(given, "quantity", 1)
        )
        run.orders.append(placed)


def scan(run: Run, given: Mapping[str, object]) -> None:
    """Show a ticket of the first order at the gate; `forged` spoils its signature."""
    code = run.orders[0].codes[_number(given, "ticket", 0)]
    if given.get("forged"):
        code = code[:-1] + ("A" if code[-1] != "A" else "B")
    if given.get("typed"):
        code = code.split(".")[1]
    headers = {"traceparent": FOREIGN_TRACEPARENT} if given.get("with_own_trace") else {}
    event = str(given.get("event", "open-air"))
    run.scans.append(run.visitor.scan(code, event, headers=headers))


def webhook(run: Run, given: Mapping[str, object]) -> None:
    """Tell the gate of a ticket within a trace of our own; `forged` signs with another key."""
    ticket = {
        "id": "000000000000",
        "event_id": "open-air",
        "traceparent": FOREIGN_TRACEPARENT,
    }
    answer = run.visitor.send_webhook(
        {"kind": "ticket.issued", "tickets": [ticket]},
        key="not the key" if given.get("forged") else None,
        headers={"traceparent": FOREIGN_TRACEPARENT},
    )
    run.webhook_statuses.append(answer.status_code)


def fault(run: Run, given: Mapping[str, object]) -> None:
    """Switch a fault on for a minute, or `all-off`."""
    run.visitor.switch_fault(str(given["name"]), _number(given, "seconds", 60))


def stop(run: Run, given: Mapping[str, object]) -> None:
    """Stop one program."""
    run.dropped_before = run.visitor.span_counts("pass-lounge")["dropped"]
    run.control.stop(str(given["program"]))


def start(run: Run, given: Mapping[str, object]) -> None:
    """Start one program and wait until it answers."""
    run.control.start(str(given["program"]))


def restart_everything(run: Run, _given: Mapping[str, object]) -> None:
    """All programs down, then all up."""
    run.control.restart_everything()


def fill_queue(run: Run, given: Mapping[str, object]) -> None:
    """Ask for pages until spans are dropped: more than the queue holds while nobody takes them."""
    for _ in range(_number(given, "requests_max", 20_000)):
        if run.visitor.span_counts("pass-lounge")["dropped"] > run.dropped_before:
            return
        for _request in range(100):
            assert run.visitor.get("pass-lounge", "/").status_code == httpx.codes.OK


STEPS: Final[Mapping[str, Step]] = {
    step.__name__: step
    for step in (order, scan, webhook, fault, stop, start, restart_everything, fill_queue)
}


def _number(given: Mapping[str, object], name: str, default: int) -> int:
    value = given.get(name, default)
    assert isinstance(value, int), f"{name} must be a number"
    return value
