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
    """A sentence for a person, without secrets: it is shown to whoever asks."""


class ServerState(Protocol):
    """Asked from worker threads, so every method must be safe to call from any of them."""

    def status(self) -> JsonObject:
        """Return what `vedette status --json` shows."""
        ...

    def problems(self) -> Sequence[Problem]:
        """Return why the server is not ready; nothing when it is. Answers within two seconds."""
        ...

    def metrics_text(self) -> str:
        """Return our own figures in Prometheus' text form. Open to all: figures, no names."""
        ...

    def public_url(self) -> str:
        """Return the address under which people and SDKs reach the server, without a last slash."""
        ...
