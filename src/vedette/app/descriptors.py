"""How many files and connections this process may have open."""

import resource
from typing import Final

WANTED: Final = 65_536
"""Connections of three ports and the engine's files, of which each part of a table has several."""


def raise_descriptor_limit() -> int:
    """Take as many as are wanted and may be had; many systems give 1,024 to who does not ask."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    can_have = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft == resource.RLIM_INFINITY or soft >= can_have:
        return soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (can_have, hard))
    return can_have
