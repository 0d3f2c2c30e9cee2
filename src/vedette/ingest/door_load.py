"""How much the door has in hand and how far digesting is behind: who shall have the interpreter."""

from dataclasses import dataclass


@dataclass(slots=True)
class DoorLoad:
    """Written on the event loop's thread, read by the digester's."""

    in_hand: int = 0
    """Requests that are not answered yet."""
    lag_s: float = 0.0
    """Age of the oldest record that is not digested, when it was last looked at."""
