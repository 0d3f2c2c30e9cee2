"""Look into the tables of a server that has ended, with nothing but the engine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

# In a process of its own: the engine holds one folder for as long as its process lives.
_PROGRAM: Final = (
    "import sys; from chdb.state.sqlitelike import connect\n"
    "print(connect(sys.argv[1]).query(sys.argv[2], 'JSONEachRow').bytes().decode())\n"
)


def ask_stopped(data: Path, sql: str) -> list[dict[str, Any]]:
    """Return the rows of an answer."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(data / "telemetry"), sql],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line]
