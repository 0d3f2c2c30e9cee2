"""What the sums over a group of sessions say: shares that went well, and each status by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from vedette.model.json_value import JsonValue


class Status(StrEnum):
    """How sessions went, each in exactly one of these."""

    HEALTHY = "healthy"
    ERRORED = "errored"
    CRASHED = "crashed"
    ABNORMAL = "abnormal"
    UNHANDLED = "unhandled"


@dataclass(frozen=True, slots=True)
class Counts:
    """Sessions, or their users. `errored` holds all that did not go well."""

    total: int = 0
    errored: int = 0
    crashed: int = 0
    abnormal: int = 0
    unhandled: int = 0

    @property
    def only_errored(self) -> int:
        """Those that had errors and nothing worse."""
        # A user may have had a crash and a freeze: what is left is never less than nothing.
        return max(0, self.errored - self.crashed - self.abnormal - self.unhandled)

    @property
    def crash_free_rate(self) -> float | None:
        """The share without a crash; None if there were none at all."""
        rate = self.rate(self.crashed)
        return None if rate is None else 1 - rate

    def rate(self, part: int) -> float | None:
        """Return the share of a part, from 0 to 1; None if there were none at all."""
        return min(1.0, part / self.total) if self.total else None

    def of_status(self, status: Status) -> "Counts":
        """Return how many have this status alone, as a total."""
        match status:
            case Status.HEALTHY:
                return Counts(max(0, self.total - self.errored))
            case Status.ERRORED:
                return Counts(self.only_errored)
            case Status.CRASHED:
                return Counts(self.crashed)
            case Status.ABNORMAL:
                return Counts(self.abnormal)
            case Status.UNHANDLED:
                return Counts(self.unhandled)


@dataclass(frozen=True, slots=True)
class SessionSums:
    """Everything about a group of sessions."""

    sessions: Counts = Counts()
    users: Counts = Counts()
    durations_s: Mapping[str, float | None] = field(default_factory=dict)

    def of_status(self, status: Status) -> "SessionSums":
        """Return the same of the sessions of one status; only healthy ones have a length."""
        return SessionSums(
            self.sessions.of_status(status),
            self.users.of_status(status),
            self.durations_s if status is Status.HEALTHY else {},
        )


def sums_of_row(row: Mapping[str, JsonValue]) -> SessionSums:
    """Return what a row of the store's answer says."""
    return SessionSums(
        Counts(*(_whole(row[name]) for name in _SESSIONS)),
        Counts(*(_whole(row[name]) for name in _USERS)),
        {name: _seconds(row[f"duration_{name}"]) for name in _DURATIONS},
    )


_SESSIONS: Final = ("sessions", "errored", "crashed", "abnormal", "unhandled")
_USERS: Final = ("users", "users_errored", "users_crashed", "users_abnormal", "users_unhandled")
_DURATIONS: Final = ("avg", "p50", "p75", "p90", "p95", "p99", "max")


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int)
    return value


def _seconds(value: JsonValue) -> float | None:
    assert value is None or isinstance(value, int | float)
    return value
