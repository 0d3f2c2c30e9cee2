"""CONTRIBUTING's walk-through of a new signal, word for word, on a copy of the server."""

import re
import shutil
import textwrap
from pathlib import Path
from typing import Final

import pytest

from tests.journey.server import running_server, wait_for, wait_until_digested
from tests.journey.stopped_tables import ask_stopped

SECTION: Final = (
    Path("CONTRIBUTING.md").read_text("utf-8").partition("## Walk-through: a new signal")[2]
).partition("\n## ")[0]
STEP: Final = re.compile(r"`(src/vedette/[\w/.]+)`(?:(?!```).)*?```\w+\n(.*?) *```", re.DOTALL)
LINES: Final = "src/vedette/ingest/lines.py"


def steps() -> dict[str, str]:
    """Return the files of the walk-through with what it says is in them."""
    return {path: textwrap.dedent(block) for path, block in STEP.findall(SECTION)}


def copy_with_the_new_signal(folder: Path) -> Path:
    copy = folder / "src"
    shutil.copytree("src/vedette", copy / "vedette", ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in steps().items():
        target = folder / path
        if path == LINES:
            target.write_text(with_entry(target.read_text("utf-8"), text), "utf-8")
        else:
            assert not target.exists(), f"{path} would be a change, not a new file"
            target.write_text(text, "utf-8")
    return copy


def with_entry(lines: str, text: str) -> str:
    """Return the page of lines with the import and the entry that the walk-through shows."""
    imported, _, entry = text.strip().partition("\n\n")
    found = re.fullmatch(r"LINES = \((.*)\)", entry)
    assert found is not None
    lines = lines.replace(
        "\nfrom vedette.ingest import (", f"\n{imported}\nfrom vedette.ingest import ("
    )
    start = "LINES: Final[tuple[Line, ...]] = ("
    assert start in lines
    return lines.replace(start, f"{start}\n    {found[1]}")


def test_the_walk_through_names_one_file_of_each_kind_and_one_place() -> None:
    assert [Path(path).parent.name for path in steps()] == ["sql", "tables", "ingest", "ingest"]
    assert list(steps())[-1] == LINES


@pytest.mark.slow
def test_a_made_up_signal_takes_three_files_and_comes_back(tmp_path: Path) -> None:
    copy = copy_with_the_new_signal(tmp_path)
    beats = [b'{"name":"nightly-backup","timestamp":1767225600}', b'{"name":"till"}', b"{}"]
    envelope = b"{}\n" + b"".join(b'{"type":"heartbeat"}\n%s\n' % each for each in beats)

    with running_server(tmp_path / "data", environment={"PYTHONPATH": str(copy)}) as server:
        assert server.send_envelope(envelope).status_code == 200
        tables = wait_for(
            lambda: [
                each
                for each in wait_until_digested(server)["tables"]
                if each["table"] == "heartbeats" and each["rows"]
            ],
            "rows of heartbeats in the status",
        )
        outcomes = {
            (each["outcome"], each["reason"]): each["quantity"]
            for each in server.outcomes("outcome", "reason")
        }
        data = server.data
        assert server.stop() == 0

    assert tables[0]["rows"] == 2
    assert outcomes == {("accepted", ""): 2, ("invalid", "unreadable"): 1}
    nightly, till = ask_stopped(
        data,
        "SELECT project_id, toUnixTimestamp(time) AS time, name FROM heartbeats ORDER BY name",
    )
    assert nightly == {"project_id": 1, "time": 1767225600, "name": "nightly-backup"}
    assert till["name"] == "till"
