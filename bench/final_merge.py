"""Merge every table of a stopped server to one part a partition: `python -m bench.final_merge DIR`.

Prints the CPU seconds that the merges took and the bytes of the parts that are left.
"""

import json
import sys
from pathlib import Path
from time import process_time

from vedette.storage.telemetry.engine import Engine, EngineLimits


def main() -> None:
    """Merge, and print what it took and what is left."""
    engine = Engine(Path(sys.argv[1]) / "telemetry", EngineLimits())
    question = (
        "SELECT table, sum(bytes_on_disk) FROM system.parts"
        " WHERE active AND database = currentDatabase() GROUP BY table"
    )
    tables = [str(table) for table in json.loads(engine.ask(question))[0]]
    before = process_time()
    for table in tables:
        engine.order(f"OPTIMIZE TABLE {table} FINAL")
    used = process_time() - before
    sizes = json.loads(engine.ask(question))[1]
    engine.close()
    sys.stdout.write(f"{used} {sum(int(each) for each in sizes)}\n")


if __name__ == "__main__":
    main()
