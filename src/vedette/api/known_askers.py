"""Who was recognised a moment ago, and which projects there were: looked up once a second.

Most requests come in flocks from one page or script. What is remembered is forgotten as soon as
anything but telemetry is written through this process (a revoked token, a sign-out, a new project),
and after a second in any case, because another process may have written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.base.clock import Clock
from vedette.model.project import Organization, Project
from vedette.storage.secrets import hash_of_secret

if TYPE_CHECKING:
    from vedette.api.asker import Asker, Shown
    from vedette.storage.metadata.port import Metadata

REMEMBERED_S: Final = 1.0
ASKER_COUNT_MAX: Final = 10_000
"""Credentials that were valid within one second; beyond it all are forgotten and looked up."""

Directory = Sequence[tuple[Organization, Sequence[Project]]]
"""All organizations with their projects, oldest first."""


@dataclass(frozen=True, slots=True)
class _State:
    """When something was looked up; it holds as long as nothing changed."""

    revision: int
    looked_up_s: float


class KnownAskers:
    """Remembers for `REMEMBERED_S`. Used on the event loop alone."""

    def __init__(self, metadata: "Metadata", clock: Clock) -> None:
        self._metadata = metadata
        self._clock = clock
        self._askers: dict[str, tuple[_State, Asker]] = {}
        self._directory: tuple[_State, Directory] | None = None

    def state(self) -> _State:
        """Return the state of now: take it before looking something up."""
        return _State(self._metadata.revision(), self._clock.monotonic_s())

    def asker(self, shown: "Shown") -> "Asker | None":
        """Return who showed this a moment ago."""
        found = self._askers.get(_key(shown))
        return found[1] if found is not None and self._holds(found[0]) else None

    def remember_asker(self, shown: "Shown", asker: "Asker", state: _State) -> None:
        """Remember who was looked up."""
        if len(self._askers) >= ASKER_COUNT_MAX:
            self._askers.clear()
        self._askers[_key(shown)] = (state, asker)

    def directory(self) -> Directory | None:
        """Return the organizations and projects of a moment ago."""
        found = self._directory
        return found[1] if found is not None and self._holds(found[0]) else None

    def remember_directory(self, directory: Directory, state: _State) -> None:
        """Remember what was looked up."""
        self._directory = (state, directory)

    def _holds(self, state: _State) -> bool:
        age_s = self._clock.monotonic_s() - state.looked_up_s
        return age_s < REMEMBERED_S and state.revision == self._metadata.revision()


def _key(shown: "Shown") -> str:
    """Return a name for what was shown, which is itself kept nowhere."""
    return hash_of_secret(f"{shown.bearer}\n{shown.session}")
