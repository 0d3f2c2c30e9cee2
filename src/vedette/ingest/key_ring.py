"""Which key belongs to which project, in memory, and never older than a few seconds."""

import logging
import threading
from dataclasses import dataclass
from typing import Final, Protocol

from vedette.base.clock import Clock
from vedette.model.project import Project, ProjectKey, Quota
from vedette.model.project_rules import ProjectRules, read_project_rules
from vedette.storage.metadata.all_projects import all_projects
from vedette.storage.metadata.issue_intake_port import IssueIntake
from vedette.storage.metadata.port import MetadataError, Projects
from vedette.storage.metadata.project_options_port import ProjectOptions

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
"""How often it is asked whether keys, projects or quotas changed, here or in another process."""

LOOKS_AFTER_MISSES_MAX: Final = 20
"""In each second, so often it is asked at once because a key is not known: the first thing that a
new project's SDK sends must not be turned away, nor must strangers' keys make us ask without end.
"""


MISS_WAIT_S: Final = 0.05
"""So long does a miss wait for a look that is under way: the door's event loop stands meanwhile."""


@dataclass(frozen=True, slots=True)
class Ring:
    """All that the door and the lines must know of projects, read at one moment."""

    version: int
    key_by_text: dict[str, ProjectKey]
    project_by_id: dict[int, Project]
    quotas_by_project: dict[int, tuple[Quota, ...]]
    rules_by_project: dict[int, ProjectRules]
    """Of the projects that changed something; the others have the default."""
    discarded_by_project: dict[int, frozenset[str]]
    """Hashes of groups of which nothing shall be kept."""
    default_key: ProjectKey | None
    """Where data without a key goes, when it may: the first active key of the first project."""


EMPTY_RING: Final = Ring(-1, {}, {}, {}, {}, {}, None)


class RingSource(Projects, ProjectOptions, IssueIntake, Protocol):
    """What a ring is read from."""


class KeyRing:
    """Keeps a `Ring` fresh. Reading costs nothing; misses ask the store at most so often."""

    def __init__(self, projects: RingSource, clock: Clock) -> None:
        self._projects = projects
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_s = -LOOK_EVERY_S
        self._misses_since_s = -1.0
        self._looks_after_misses = 0
        self._is_store_away = False
        self.ring = EMPTY_RING

    def find(self, public_key: str) -> ProjectKey | None:
        """Return the active key of this text; None if there is none."""
        found = self.ring.key_by_text.get(public_key)
        if found is None:
            self._refresh_after_miss()
            # Also when nothing was new: another thread may have looked just before.
            found = self.ring.key_by_text.get(public_key)
        return found

    def refresh(self) -> bool:
        """Look whether something changed; true if it did. Does nothing if it looked just now."""
        with self._lock:
            now_s = self._clock.monotonic_s()
            return now_s - self._looked_s >= LOOK_EVERY_S and self._look(now_s)

    def _refresh_after_miss(self) -> None:
        # Who asks a store that is away waits for it; `refresh`, on a thread, hears when it is back.
        if self._is_store_away or not self._lock.acquire(timeout=MISS_WAIT_S):
            return
        try:
            now_s = self._clock.monotonic_s()
            if now_s - self._misses_since_s >= 1.0:
                self._misses_since_s, self._looks_after_misses = now_s, 0
            if self._looks_after_misses < LOOKS_AFTER_MISSES_MAX:
                self._looks_after_misses += 1
                self._look(now_s)
        finally:
            self._lock.release()

    def _look(self, now_s: float) -> bool:
        self._looked_s = now_s
        try:
            version = self._projects.version()
            self._is_store_away = False
            if version == self.ring.version:
                return False
            self.ring = _read_ring(self._projects, version)
        except MetadataError:
            # Keys that were known stay good: a metadata outage must not turn data away.
            logger.exception("cannot refresh the project keys")
            self._is_store_away = True
            return False
        return True


def _read_ring(projects: RingSource, version: int) -> Ring:
    keys = projects.active_keys()
    project_by_id = {project.project_id: project for project in all_projects(projects)}
    quotas: dict[int, list[Quota]] = {}
    for quota in projects.quotas():
        quotas.setdefault(quota.project_id, []).append(quota)
    first_project = min(project_by_id, default=None)
    return Ring(
        version=version,
        key_by_text={key.public_key: key for key in keys},
        project_by_id=project_by_id,
        quotas_by_project={each: tuple(some) for each, some in quotas.items()},
        rules_by_project={
            project_id: read_project_rules(options)
            for project_id, options in projects.all_options().items()
        },
        discarded_by_project=dict(projects.discarded_hashes()),
        default_key=next((key for key in keys if key.project_id == first_project), None),
    )
