"""Which projects there are, and how each of them has set its detectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from vedette.pipeline.detectors.detector_options import (
    DetectorSettings,
    read_detector_settings,
)
from vedette.storage.metadata.all_projects import all_projects
from vedette.storage.metadata.port import Projects
from vedette.storage.metadata.project_options_port import ProjectOptions

_NEVER: Final = -1


class BookSource(Projects, ProjectOptions, Protocol):
    """What the book is read from."""


@dataclass(frozen=True, slots=True)
class Page:
    """All of it, as it was at one moment."""

    version: int
    projects_by_organization: Mapping[int, tuple[int, ...]]
    settings_by_project: Mapping[int, DetectorSettings] = field(default_factory=dict)


class ProjectBook:
    """Read again when something changed."""

    def __init__(self, source: BookSource) -> None:
        self._source = source
        self._page = Page(_NEVER, {})

    def read(self) -> Page:
        """Return what holds now.

        Raises:
            MetadataError: The store could not answer.
        """
        version = self._source.version()
        if version != self._page.version:
            self._page = _read(self._source, version)
        return self._page


def _read(source: BookSource, version: int) -> Page:
    projects: dict[int, list[int]] = {}
    for project in all_projects(source):
        projects.setdefault(project.organization_id, []).append(project.project_id)
    return Page(
        version,
        {organization: tuple(some) for organization, some in projects.items()},
        {
            project_id: read_detector_settings(given)
            for project_id, given in source.all_options().items()
        },
    )
