"""Numbers with units, as people write them in a search."""

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"(?P<number>[+-]?(?:\d{1,30}(?:\.\d{1,30})?|\.\d{1,30}))(?P<unit>[a-zA-Zµ%]*)"
)

DURATION_NS: Final = {
    "": 1_000_000,
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "min": 60_000_000_000,
    "h": 3_600_000_000_000,
    "hr": 3_600_000_000_000,
    "d": 86_400_000_000_000,
    "day": 86_400_000_000_000,
    "w": 604_800_000_000_000,
    "wk": 604_800_000_000_000,
}
"""A bare number is milliseconds, as in Sentry."""
SIZE_BYTES: Final = {
    "b": 1,
    "byte": 1,
    "bytes": 1,
    "kb": 1_000,
    "mb": 1_000**2,
    "gb": 1_000**3,
    "tb": 1_000**4,
    "pb": 1_000**5,
    "kib": 1_024,
    "mib": 1_024**2,
    "gib": 1_024**3,
    "tib": 1_024**4,
    "pib": 1_024**5,
}
_EXACT_MAX: Final = 2**53
_COUNT: Final = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


def read_number(text: str) -> float | int | None:
    """Return a plain number, also one with `k`, `m`, `b` (thousand, million, billion) or `%`."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    unit = found["unit"].lower()
    if unit == "%":
        return _exact(found["number"]) / 100
    factor = _COUNT.get(unit)
    return None if factor is None else _whole(_exact(found["number"]) * factor)


def read_duration_ns(text: str) -> int | None:
    """Return a length of time in nanoseconds; a bare number is milliseconds."""
    found = _NUMBER.fullmatch(text)
    factor = None if found is None else DURATION_NS.get(found["unit"].lower())
    if found is None or factor is None:
        return None
    return round(_exact(found["number"]) * factor)


def read_any_number(text: str) -> float | int | None:
    """Return a number of an attribute whose unit we do not know.

    Durations become milliseconds and sizes bytes: what senders use for attributes of that kind.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    unit = found["unit"].lower()
    if unit in SIZE_BYTES and unit != "b":
        return _whole(_exact(found["number"]) * SIZE_BYTES[unit])
    if unit in DURATION_NS and unit not in {"", "m"}:
        return _whole(_exact(found["number"]) * DURATION_NS[unit] / DURATION_NS["ms"])
    return read_number(text)


def _exact(text: str) -> float | int:
    return float(text) if "." in text else int(text)


def _whole(number: float) -> float | int:
    is_whole = float(number).is_integer() and abs(number) < _EXACT_MAX
    return int(number) if is_whole else number
