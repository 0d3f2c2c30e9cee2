"""Read the times that SDKs write: numbers of seconds or ISO 8601, in all their spellings."""

import math
import re
from datetime import UTC, datetime
from typing import Final

from vedette.model.json_value import JsonValue

_MILLISECONDS_FROM: Final = 1e11
"""A number above this is no count of seconds in our age (year 5138) but of milliseconds."""

_NUMBER_MAX: Final = 1e16
"""Above, even milliseconds lie beyond every year we can hold."""

_ISO: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?"
    r"\s*(Z|z|[+-]\d{2}:?\d{2})?"
)
_NS: Final = 1_000_000_000
_YEAR_2262_NS: Final = 2**63 - 1


def read_time_ns(value: JsonValue) -> int | None:
    """Return nanoseconds since 1970; None if `value` says no time between 1970 and 2262."""
    if isinstance(value, str):
        return _in_range(_from_text(value.strip()))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _in_range(_from_number(value))


def _from_number(value: int | float) -> int | None:  # noqa: PYI041 - both occur, and differ in exactness
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > _NUMBER_MAX:
            return None
        seconds = value / 1_000 if abs(value) > _MILLISECONDS_FROM else value
        # Microseconds are what a float of this size can hold.
        return round(seconds * 1_000_000) * 1_000
    return value * (1_000_000 if abs(value) > _MILLISECONDS_FROM else _NS)


def _from_text(text: str) -> int | None:
    match = _ISO.fullmatch(text)
    if match is None:
        try:
            return _from_number(float(text))
        except (ValueError, OverflowError):
            return None
    year, month, day, hour, minute = (int(match[group]) for group in range(1, 6))
    second, zone = int(match[6] or 0), match[8]
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    seconds = int(moment.timestamp()) - _zone_offset_s(zone)
    return seconds * _NS + int((match[7] or "0").ljust(9, "0"))


def _zone_offset_s(zone: str | None) -> int:
    if zone is None or zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "")
    offset_s = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -offset_s if zone[0] == "-" else offset_s


def _in_range(time_ns: int | None) -> int | None:
    if time_ns is None or not 0 < time_ns <= _YEAR_2262_NS:
        return None
    return time_ns
