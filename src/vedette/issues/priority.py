"""How much an issue matters, as far as its level tells."""

from typing import Final

from vedette.model.issue import Priority

_BY_LEVEL: Final = {
    "fatal": Priority.HIGH,
    "error": Priority.HIGH,
    "warning": Priority.MEDIUM,
}


def priority_of(level: str, *, is_unhandled: bool) -> Priority:
    """Return the priority of an issue that behaves as expected.

    An error that the program handled is one that somebody thought of.
    """
    found = _BY_LEVEL.get(level, Priority.LOW)
    return Priority.MEDIUM if level == "error" and not is_unhandled else found
