"""A process that makes one cache of a source map and ends.

The parser recurses over files that others wrote, and large maps take much memory: here neither can
harm the server. Standard input is a MessagePack list of script, map and contents; standard output
the cache. The process ends with REFUSED when the map is none, and says why on standard error.
"""

import resource
import sys
from typing import Final

import msgspec

from vedette.native import Malformed, build_map_cache

REFUSED: Final = 3
MEMORY_BYTES_MAX: Final = 3 * 1024**3
"""Of addresses, the parser's stack among them."""

CPU_S_MAX: Final = 30


def main() -> int:
    """Make the cache; return how the process ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MAX, CPU_S_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    script, source_map, contents = msgspec.msgpack.decode(
        sys.stdin.buffer.read(), type=tuple[bytes, bytes, dict[str, bytes]]
    )
    try:
        cache = build_map_cache(script, source_map, contents)
    except (Malformed, RuntimeError) as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(cache)
    return 0


if __name__ == "__main__":
    sys.exit(main())
