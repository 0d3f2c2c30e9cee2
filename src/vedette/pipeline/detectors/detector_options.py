"""What a project may set of its detectors, and the names under which it is kept."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from vedette.model.json_value import JsonObject, JsonValue

PREFIX: Final = "detectors."
ENABLED: Final = "enabled"

DetectorSettings: TypeAlias = Mapping[str, Mapping[str, JsonValue]]
"""What was set, by the kind of detector and the name of the setting."""


def option_name(kind: str, setting: str) -> str:
    """Return the name of the option that keeps a setting."""
    return f"{PREFIX}{kind}.{setting}"


def read_detector_settings(options: JsonObject) -> DetectorSettings:
    """Return what a project's options say of detectors."""
    found: dict[str, dict[str, JsonValue]] = {}
    for name, value in options.items():
        if name.startswith(PREFIX):
            kind, _, setting = name.removeprefix(PREFIX).partition(".")
            found.setdefault(kind, {})[setting] = value
    return found


def is_enabled(settings: DetectorSettings, kind: str) -> bool:
    """Tell whether a detector looks at a project at all."""
    return settings.get(kind, {}).get(ENABLED) is not False
