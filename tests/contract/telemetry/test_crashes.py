"""The engine's folder after crashes: every block is there exactly once, in spans and in traces."""

import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.telemetry.asking import ask, count
from tests.contract.telemetry.put_until_killed import SPANS_PER_BLOCK, SPANS_PER_TRACE, block_number
from tests.fakes.telemetry_rows import DAY_NS, NOON_NS, a_span, block_of, trace_id
from vedette.model.question import Aggregate, Field, Function, TraceQuestion
from vedette.storage.telemetry.chdb_store import ChdbTelemetry, EngineLimits, open_telemetry
from vedette.storage.telemetry.mend import LOG_FOLDER
from vedette.storage.telemetry.port import StoreUnreachable

PUTTER = Path(__file__).with_name("put_until_killed.py")
ROOT = Path(__file__).parents[3]
CRASHES = 10
REPEATED = 2
"""Blocks that are put again after a crash, as the ledger has them put again."""


def run_putter(folder: Path, first: int, *, life_s: float) -> int:
    """Put blocks from `first` on until the process is killed; return how many are known stored."""
    command = [sys.executable, "-W", "ignore", str(PUTTER), str(folder), str(first), "10000"]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        killer = threading.Timer(life_s, process.kill)
        killer.start()
        done = [int(line) for line in process.stdout if line.endswith("\n")]
        killer.cancel()
    return done[-1] + 1 if done else first


def span_counts_by_trace(telemetry: ChdbTelemetry) -> set[int]:
    """Return how many spans traces have, as the look-up table says it."""
    answer = telemetry._engine.ask(
        "SELECT DISTINCT toUInt32(spans) FROM"
        " (SELECT sum(span_count) AS spans FROM traces GROUP BY trace_id)",
        form="TSV",
    )
    return {int(line) for line in answer.split()}


@pytest.mark.slow
def test_a_process_killed_while_it_puts_stores_every_block_exactly_once(
    open_engine: Callable[[], ChdbTelemetry], tmp_path: Path
) -> None:
    folder, chance, known = tmp_path / "telemetry", random.Random(7), 0
    for _ in range(CRASHES):
        first = max(0, known - REPEATED)
        known = max(known, run_putter(folder, first, life_s=chance.uniform(0.05, 0.5)))

    telemetry = open_engine()
    for number in range(max(0, known - REPEATED), known + REPEATED):
        telemetry.put([block_number(number)], token=str(number))

    spans = (known + REPEATED) * SPANS_PER_BLOCK
    unique = Aggregate(Function.COUNT_UNIQUE, Field("id"))
    assert known > 0
    assert ask(telemetry, Aggregate(Function.COUNT), unique) == [(spans, spans)]
    assert span_counts_by_trace(telemetry) == {SPANS_PER_TRACE}


def part_folders(folder: Path, table: str) -> list[Path]:
    parts = (folder / "data" / "default" / table).iterdir()
    return sorted(each for each in parts if re.fullmatch(r"\d+_\d+_\d+_\d+", each.name))


@pytest.mark.parametrize("table", ["spans", "traces"])
def test_a_token_whose_rows_never_came_to_be_is_forgotten(
    open_engine: Callable[[], ChdbTelemetry], tmp_path: Path, table: str
) -> None:
    block = block_number(0)
    telemetry = open_engine()
    telemetry.put([block], token="a")
    telemetry.close()
    # What a crash leaves between the line in the log and the naming of the part.
    shutil.rmtree(part_folders(tmp_path / "telemetry", table)[-1])

    telemetry = open_engine()
    telemetry.put([block], token="a")

    assert count(telemetry) == SPANS_PER_BLOCK
    assert span_counts_by_trace(telemetry) == {SPANS_PER_TRACE}


def test_a_log_that_a_power_failure_cut_is_read_up_to_there(
    open_engine: Callable[[], ChdbTelemetry], tmp_path: Path
) -> None:
    telemetry = open_engine()
    telemetry.put([block_of("spans", [a_span(1)])], token="a")
    telemetry.close()
    (log,) = (tmp_path / "telemetry" / "data" / "default" / "spans" / LOG_FOLDER).iterdir()
    with log.open("ab") as file:
        file.write(b"1\t20260101_9_9_0\t2026")

    telemetry = open_engine()
    telemetry.put([block_of("spans", [a_span(2)])], token="b")
    telemetry.close()
    telemetry = open_engine()
    for number, token in ((1, "a"), (2, "b")):
        telemetry.put([block_of("spans", [a_span(number)])], token=token)

    assert count(telemetry) == 2


def test_tokens_are_known_after_a_restart(open_engine: Callable[[], ChdbTelemetry]) -> None:
    block = block_of("spans", [a_span(n, start_time=NOON_NS - n * DAY_NS) for n in range(40)])
    telemetry = open_engine()
    telemetry.put([block], token="a")
    telemetry.close()

    telemetry = open_engine()
    telemetry.put([block], token="a")

    assert count(telemetry) == 40
    assert telemetry.trace(TraceQuestion(trace_id(3).hex(), (1,))).row_count == 1


def test_a_second_folder_in_one_process_is_refused_with_a_sentence(
    open_engine: Callable[[], ChdbTelemetry], tmp_path: Path
) -> None:
    telemetry = open_engine()

    with pytest.raises(StoreUnreachable, match="one folder"):
        open_telemetry(tmp_path / "other", EngineLimits(), has_attribute_index=False)

    telemetry.check()
