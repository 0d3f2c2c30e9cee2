"""The face of the metadata for what projects are set to."""

from collections.abc import Mapping
from typing import Final, Protocol

from vedette.model.json_value import JsonValue

OPTION_NAME_LENGTH_MAX: Final = 200
OPTION_BYTES_MAX: Final = 1_000_000
"""One option as JSON text: 200,000 characters of rules, each written as an escape, and some."""


class ProjectOptions(Protocol):
    """Options of projects by name. A project that does not exist has none."""

    def options(self, project_id: int) -> Mapping[str, JsonValue]:
        """Return what was set for a project."""
        ...

    def all_options(self) -> Mapping[int, Mapping[str, JsonValue]]:
        """Return what was set, for every project for which something was."""
        ...

    def set_options(self, *, project_id: int, changes: Mapping[str, JsonValue]) -> None:
        """Set these options, all at once; None takes one back to its default.

        Raises:
            OwnerMissing: There is no such project.
            ValueError: A name or a value is too long.
        """
        ...
