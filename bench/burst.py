"""A million spans a second for five seconds: taken in, digested afterwards, none lost."""

import time

from bench.figures import Figure, at_least, at_most
from bench.load import corpus, send
from bench.process import MemoryWatch
from bench.run import Run
from bench.server import new_server


def burst(run: Run) -> list[Figure]:
    """Send at a fixed rate, then wait for the digester."""
    seconds = run.count(5, 1)
    folder = corpus(encoding="zstd", requests=seconds * 1000, spread=60)
    with new_server() as server, MemoryWatch(server.pid) as memory:
        began = time.monotonic()
        sent = send(server.otlp, what="pack", corpus=folder, rate=1_000_000, connections=16)
        server.wait_until_digested()
        drained_s = time.monotonic() - began
        lost = seconds * 1_000_000 - server.count("spans")
    name = f"burst of {seconds} s"
    return [
        Figure(f"{name}: spans/s accepted", sent.items_per_s, "/s", at_least(990_000)),
        Figure(f"{name}: spans lost", lost, "", at_most(0)),
        Figure(f"{name}: refused and sent again", sent.retries, ""),
        Figure(f"{name}: answer p99", sent.p99_ms, "ms"),
        Figure(f"{name}: seconds until all is readable", drained_s, "s"),
        Figure(f"{name}: peak resident", memory.peak_mb, "MB"),
    ]
