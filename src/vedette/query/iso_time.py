"""Times between nanoseconds since 1970 and ISO 8601 text, with as many digits as are known."""

import re
from datetime import UTC, datetime
from typing import Final

_SECOND_NS: Final = 1_000_000_000
_DATE_LENGTH: Final = len("2026-01-31")
_TIME: Final = re.compile(
    r"(?P<seconds>\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)"
    r"(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


def iso_time(time_ns: int, *, offset: str = "Z") -> str:
    """Return the time as text in UTC; the fraction has 0, 3, 6 or 9 digits, whatever it needs."""
    seconds, fraction_ns = divmod(time_ns, _SECOND_NS)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}{_fraction(fraction_ns)}{offset}"


def read_iso_time(text: str) -> int | None:
    """Return the time in nanoseconds since 1970; None if the text says no time.

    A time without a zone is UTC. Without a time of day it is midnight.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    seconds_text = found["seconds"]
    if len(seconds_text) == _DATE_LENGTH:
        seconds_text += "T00:00"
    try:
        moment = datetime.fromisoformat(seconds_text + _zone(found["zone"]))
    except ValueError:
        return None
    seconds = int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    return seconds * _SECOND_NS + int((found["fraction"] or "").ljust(9, "0"))


def _fraction(fraction_ns: int) -> str:
    if fraction_ns == 0:
        return ""
    digits = f"{fraction_ns:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f".{digits}"


def _zone(zone: str | None) -> str:
    return "+00:00" if zone in (None, "Z") else str(zone)
