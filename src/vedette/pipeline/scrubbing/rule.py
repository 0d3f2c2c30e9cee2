"""What a rule looks for, and what becomes of what it finds."""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

FILTERED: Final = "[Filtered]"


class Method(StrEnum):
    """What becomes of what was found."""

    REMOVE = "remove"
    REPLACE = "replace"
    MASK = "mask"
    HASH = "hash"


class Looks(StrEnum):
    """What a rule looks at."""

    ANYTHING = "anything"
    """At nothing: whatever its selector reaches is taken."""
    KEYS = "keys"
    """At the name of the value."""
    TEXTS = "texts"
    """At the text of the value."""
    BOTH = "both"
    """At the name, and for such names with a value inside the text."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What becomes of what was found, in detail."""

    method: Method = Method.REMOVE
    text: str = FILTERED
    mask: str = "*"
    unmasked: str = ""
    """Characters that a mask leaves."""
    shown_at_end: int = 0
    """How many characters at the end a mask leaves."""

    @property
    def sign(self) -> str:
        """Return the letter for it in a remark."""
        return {"remove": "x", "replace": "s", "mask": "m", "hash": "p"}[self.method]

    def applied(self, found: str) -> str:
        """Return what stands in place of `found`."""
        match self.method:
            case Method.REMOVE:
                return ""
            case Method.REPLACE:
                return self.text
            case Method.MASK:
                end = len(found) - self.shown_at_end
                return "".join(
                    character if index >= end or character in self.unmasked else self.mask
                    for index, character in enumerate(found)
                )
            case Method.HASH:
                # No key: the same value has the same hash everywhere, which is what it is for.
                digest = hmac.new(b"", found.encode("utf-8", "replace"), hashlib.sha1)
                return digest.hexdigest().upper()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its name stands in the remarks."""

    name: str
    looks: Looks
    redaction: Redaction
    finder: str = ""
    """For texts: the native rule, or `pattern`."""
    pattern: str = ""
    groups: tuple[int, ...] = field(default_factory=tuple)
