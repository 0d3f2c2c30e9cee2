"""Read and write the `tracestate` header by every rule of the W3C recommendation.

https://www.w3.org/TR/trace-context-1/#tracestate-header
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import TraceState

from waymark.trace_parent import OPTIONAL_WHITESPACE, HeaderFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEMBER_COUNT_MAX: Final = 32
MEMBER_LENGTH_MAX: Final = 256 + 1 + 256
READ_LENGTH_MAX: Final = MEMBER_COUNT_MAX * (MEMBER_LENGTH_MAX + 1)
"""Thirty-two of the longest members: more than this cannot be a valid header."""

WRITTEN_LENGTH_MAX: Final = 512
"""What everybody must be able to pass on (3.3.1.5); beyond it we cut by the rules given there."""

LONG_MEMBER_LENGTH: Final = 128
"""Members longer than this are the first to go when a header must be cut (3.3.1.5)."""

_SIMPLE_KEY: Final = r"[a-z][a-z0-9_\-*/]{0,255}"
_TENANT_KEY: Final = r"[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13}"
_VALUE: Final = r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
_KEY: Final = re.compile(rf"{_SIMPLE_KEY}|{_TENANT_KEY}", re.ASCII)
_MEMBER: Final = re.compile(rf"({_SIMPLE_KEY}|{_TENANT_KEY})=({_VALUE})", re.ASCII)
_FIELD_TEXT: Final = re.compile(r"[\x21-\x2b\x2d-\x39\x3c\x3e-\x7e]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """The entry a system puts first into `tracestate`, such as `maguey=v:1.0;env:production`."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if _KEY.fullmatch(self.key) is None:
            raise ValueError(f"not a tracestate key: {self.key!r}")
        for text in (*self.fields, *self.fields.values()):
            if _FIELD_TEXT.fullmatch(text) is None:
                raise ValueError(f"not usable in a tracestate value: {text!r}")
        if _MEMBER.fullmatch(f"{self.key}={self.value}") is None:
            raise ValueError("a tracestate value has 1 to 256 characters")

    @property
    def value(self) -> str:
        """The fields as `name:value;name:value`."""
        return ";".join(f"{name}:{value}" for name, value in self.fields.items())


def read_tracestate(values: Sequence[str]) -> tuple[TraceState, tuple[HeaderFault, ...]]:
    """Read the values of all `tracestate` headers of one message, joined in their order.

    A member that breaks a rule discards the whole list (3.3.1.3, 4.3); a key named twice keeps its
    first, most recent member.
    """
    if sum(len(value) + 1 for value in values) > READ_LENGTH_MAX:
        return TraceState(), (HeaderFault.TOO_LONG,)
    members = [part.strip(OPTIONAL_WHITESPACE) for value in values for part in value.split(",")]
    members = [member for member in members if member]
    if len(members) > MEMBER_COUNT_MAX:
        return TraceState(), (HeaderFault.STATE_TOO_MANY,)
    entries: dict[str, str] = {}
    faults: list[HeaderFault] = []
    for member in members:
        match = _MEMBER.fullmatch(member)
        if match is None:
            return TraceState(), (HeaderFault.STATE_MALFORMED,)
        if match[1] in entries:
            faults.append(HeaderFault.STATE_DUPLICATE_KEY)
        entries.setdefault(match[1], match[2])
    return TraceState(list(entries.items())), tuple(faults)


def write_tracestate(state: Mapping[str, str], own: OwnEntry | None = None) -> str:
    """The header for a call: our own entry first, the others in their order, within the limits.

    An empty text means that no header is to be sent.
    """
    others = [f"{key}={value}" for key, value in state.items() if own is None or key != own.key]
    mine = [f"{own.key}={own.value}"] if own else []
    kept = _cut(others[: MEMBER_COUNT_MAX - len(mine)], length_max=_room_beside(mine))
    return ",".join([*mine, *kept])


def _room_beside(mine: list[str]) -> int:
    return WRITTEN_LENGTH_MAX - sum(len(member) + 1 for member in mine)


def _cut(members: list[str], *, length_max: int) -> list[str]:
    """Leave whole members out until the list fits: long ones first, then from the end."""
    kept = list(members)
    while kept and len(",".join(kept)) > length_max:
        long_members = [at for at, member in enumerate(kept) if len(member) > LONG_MEMBER_LENGTH]
        kept.pop(long_members[-1] if long_members else -1)
    return kept
