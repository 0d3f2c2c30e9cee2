"""What grouping says of an event: hashes, and why they are what they are."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

SEPARATOR: Final = "\x1f"
"""Between the texts that are hashed, so that `ab` + `c` is not `a` + `bc`."""


class Component:
    """A part of an event that was looked at for grouping. Shared between events: never changed."""

    __slots__ = ("contributes", "hint", "name", "text", "values")

    def __init__(
        self,
        name: str,
        values: "tuple[Component | str, ...]" = (),
        *,
        contributes: bool = True,
        hint: str = "",
    ) -> None:
        self.name = name
        self.values = values
        self.text = ""
        """What is hashed: the texts of all leaves that contribute, in order."""
        if contributes:
            self.text = SEPARATOR.join(
                [text for each in values if (text := each if type(each) is str else _text(each))]
            )
        self.contributes = bool(self.text)
        self.hint = hint
        """Why it does not contribute, or what was changed before it does."""

    def without(self, hint: str) -> "Component":
        """Return the same part as one that does not contribute, because of `hint`."""
        return Component(self.name, self.values, contributes=False, hint=hint)


def _text(value: Component | str) -> str:
    return value.text if isinstance(value, Component) else value


class FrameDecision(NamedTuple):
    """Whether a frame is the user's own code, and who said so."""

    place: str
    """Which stack: `exception.2`, `thread.0`, `stacktrace`."""
    position: int
    """In the frames as the event has them."""
    in_app: bool
    decided_by: str
    """`sdk`, the text of a rule, or a sentence."""
    in_group: bool
    """Whether rules let the frame count for grouping."""


@dataclass(frozen=True, slots=True)
class GroupHash:
    """One address under which a group is found."""

    value: str
    """32 hex digits."""
    variant: str
    version: str
    """Of the algorithm that made it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to look at the event; `app` comes before `system`."""

    name: str
    component: Component
    hash: str
    """Empty if the variant does not contribute."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FingerprintUsed:
    """The fingerprint that the hashes were made with."""

    values: tuple[str, ...]
    source: Literal["default", "client", "rule", "built-in rule", "checksum"]
    rule: str = ""
    client_values: tuple[str, ...] = ()
    """What the SDK sent, also when a rule replaced it."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where an event belongs, what it is called, and why."""

    hashes: tuple[GroupHash, ...]
    """In order of priority; never empty. The first one that is known gives the group."""
    variants: tuple[Variant, ...]
    title: str
    culprit: str
    main_exception_index: int | None
    """In `exception.values`; None: the event has no exception."""
    frames: tuple[FrameDecision, ...]
    fingerprint: FingerprintUsed
