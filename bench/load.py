"""The sender: built once, run as a process of its own, its answer read as JSON."""

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

ROOT: Final = Path(__file__).parent.parent
CORPUS: Final = Path(__file__).parent / "corpus"
LAG_BYTES_MAX: Final = 200_000_000
"""The sender waits while more than this is accepted and not yet readable: a steady state."""
LAG_BYTES_PACKED_MAX: Final = LAG_BYTES_MAX // 8
"""The same for bodies that are packed, to about as many spans."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender says."""

    items: int
    requests: int
    seconds: float
    items_per_s: float
    requests_per_s: float
    retries: int
    failed: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_s: float
    bytes: int
    answers: dict[str, int]


@cache
def sender() -> Path:
    """Build the sender if need be; return where it is."""
    command = ["cargo", "build", "-q", "--release", "--locked", "-p", "vedette-bench"]
    subprocess.run(command, check=True, cwd=ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "vedette-bench"


def send(url: str, **options: object) -> Sent:
    """Send and wait for the end; options are those of the sender, with underscores."""
    return _sent(_run("send", url=url, **options))


class Background:
    """Sends while it is open, for no longer than `seconds`."""

    def __init__(self, url: str, *, seconds: float, **options: object) -> None:
        words = _words("send", url=url, seconds=seconds, **options)
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE)
        self.sent: Sent | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdout is not None
        self.sent = _sent(json.load(self._process.stdout))
        self._process.wait()


def corpus(*, encoding: str, requests: int, spread: int, seed: int = 1) -> Path:
    """Make bodies and write them to disk before the clock starts; return the folder."""
    folder = CORPUS / encoding
    _run("corpus", out=folder, encoding=encoding, requests=requests, spread=spread, seed=seed)
    return folder


def traces(*, first: int, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return the traces of some requests, by which they can be asked for."""
    found: list[dict[str, Any]] = _run("traces", first=first, count=count, seed=seed)
    return found


def _words(command: str, **options: object) -> list[str]:
    words = [str(sender()), command]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    return words


def _run(command: str, **options: object) -> Any:  # noqa: ANN401 - JSON of the sender
    words = _words(command, **options)
    return json.loads(subprocess.check_output(words))


def _sent(facts: dict[str, Any]) -> Sent:
    return Sent(**{name: facts[name] for name in Sent.__slots__})
