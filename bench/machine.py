"""What a figure was measured on: machine, versions, load. Without it no figure means anything."""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path


def describe(folder: Path) -> dict[str, str]:
    """Return what is known of the machine, the disk below `folder` and the versions."""
    return {
        "machine": f"{os.cpu_count()} cores, {_cpu_model()}, {_memory_gib():.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "disk": _disk(folder),
        "versions": ", ".join(
            f"{name} {importlib.metadata.version(name)}" for name in ("vedette", "chdb-core")
        ),
        "commit": _run("git", "rev-parse", "--short", "HEAD"),
        "payload": "OTLP traces, 1,000 spans a request, 16 + 8 attributes, 688 B a span, "
        "all bodies different; sender on the same cores",
        "durability": "answered after the body is synced to the journal",
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _disk(folder: Path) -> str:
    lines = _run("df", "--output=fstype,avail", "-h", str(folder)).splitlines()
    kind, free = lines[-1].split() if lines else ("?", "?")
    return f"{kind}, {free} free"


def _run(*command: str) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
