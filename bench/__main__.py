"""`python -m bench`: run the benchmarks, print a table, write bench/results/<name>.json."""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bench import burst, calm, explore, issues, long_trace, machine, steady, stored, sustained
from bench.figures import Figure, table
from bench.load import CORPUS, sender
from bench.run import Run

RESULTS: Final = Path(__file__).parent / "results"

BENCHMARKS: Final[dict[str, Callable[[Run], list[Figure]]]] = {
    "calm": calm.calm,
    "sustained": sustained.plain,
    "sustained_zstd": sustained.zstd,
    "sustained_index": sustained.index,
    "burst": burst.burst,
    "small_requests": steady.small_requests,
    "grpc_gzip": steady.grpc_gzip,
    "sentry_errors": steady.sentry_errors,
    "sentry_transactions": steady.sentry_transactions,
    "one_issue": issues.one_issue,
    "few_issues": issues.few_issues,
    "new_issues": issues.new_issues,
    "large_errors": issues.large_errors,
    "explore": explore.explore,
    "stored": stored.stored,
    "stored_index": stored.stored_index,
    "long_trace": long_trace.long_trace,
}

NOT_IN_SHORT: Final = ("sustained_zstd", "sustained_index", "stored_index")
"""Variants that a smoke test can do without."""


def main() -> None:
    """Run what was asked for."""
    asked = _arguments()
    run = Run(is_short=asked.short, duration_s=asked.duration)
    RESULTS.mkdir(exist_ok=True)
    CORPUS.mkdir(exist_ok=True)
    sender()
    about = machine.describe(CORPUS)
    figures: list[Figure] = []
    chosen = [each for each in BENCHMARKS if not (run.is_short and each in NOT_IN_SHORT)]
    for name in asked.only or chosen:
        began = time.monotonic()
        print(f"── {name}", flush=True)
        some = BENCHMARKS[name](run)
        _write(name, about, run, some)
        print(table(some), flush=True)
        print(f"   ({time.monotonic() - began:.0f} s)", flush=True)
        figures += some
    print("\n" + "\n".join(f"{key:10}  {value}" for key, value in about.items()))
    if run.is_short:
        print("short run: a smoke test, its figures are not those of a steady state")
    print("\n" + table(figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(BENCHMARKS), metavar="NAME")
    parser.add_argument("--short", action="store_true", help="a smoke test, a minute in total")
    parser.add_argument("--duration", type=float, help="seconds to send, instead of each its own")
    return parser.parse_args()


def _write(name: str, about: dict[str, str], run: Run, figures: Sequence[Figure]) -> None:
    facts = {
        "name": name,
        "is_short": run.is_short,
        "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "about": about,
        "figures": [each.facts() for each in figures],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
