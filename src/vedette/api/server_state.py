"""What the read door must know of the running server; the wiring tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vedette.model.json_value import JsonObject


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps the server from being ready."""

    name: str
    """A constant word, such as `telemetry`, `digester` or `disk`."""
    text: str
    """A sentence for a person, without secrets."""
    hinders: bool = True
    """Whether the server is not ready for it; else it works, and a person should look."""


class ServerState(Protocol):
    """Asked from worker threads, so every method must be safe to call from any of them."""

    def status(self) -> JsonObject:
        """Return what `vedette status --json` shows."""
        ...

    def problems(self) -> Sequence[Problem]:
        """Return what is wrong: not ready is a server that something hinders.

        Answers within two seconds.
        """
        ...

    def quarantined(self) -> Sequence[JsonObject]:
        """Return what `vedette quarantine list` shows."""
        ...

    def restore_quarantined(self) -> JsonObject:
        """Store again what was kept aside, a bounded number of blocks; return what came of it."""
        ...

    def metrics_text(self) -> str:
        """Return our own figures in Prometheus' text form. Figures, no names."""
        ...

    def public_url(self) -> str:
        """Return the address under which people and SDKs reach the server, without a last slash."""
        ...
