"""The tree checks itself: sizes, first lines, names, reasons. Run by `make check`."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# Raising a limit is a decision: it is made here, in a diff that somebody reads.
FILE_LINES_MAX: Final = 400
TEST_FILE_LINES_MAX: Final = 800
FUNCTION_LINES_MAX: Final = 60
ROOM_README_LINES_MAX: Final = 30

BANNED_FILE_NAMES: Final = ("utils", "helpers", "common", "manager", "misc")
REASON_NEEDED: Final = re.compile(
    r"#\s*(noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type:\s*ignore(\[[^\]]*\])?)(?P<reason>.*)$"
    r"|//\s*(eslint-disable|@ts-expect-error)(?P<script>.*)$"
)
TODO: Final = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")
ROOMS: Final = Path("src/vedette")
OWN_CHECKS: Final = ("demo/", "packages/", "ui/")
"""Each of these has a project file and a check of its own."""

Fault = str


def main() -> int:
    """Print every fault with its place; return how the process ends."""
    faults = [fault for path in _tracked() for fault in _faults_of(path)]
    faults += _rooms_without_readme()
    faults += _docs_missing()
    for fault in faults:
        print(fault)
    print(f"tidy: {len(faults)} faults")
    return 1 if faults else 0


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [Path(line) for line in listed.stdout.splitlines()]
    return [each for each in paths if each.is_file() and not str(each).startswith(OWN_CHECKS)]


def _faults_of(path: Path) -> Iterator[Fault]:
    if path.suffix not in (".py", ".rs", ".ts", ".tsx", ".sql", ".pyi"):
        return
    text = path.read_text("utf-8")
    lines = text.splitlines()
    is_test = path.parts[0] == "tests" or "tests" in path.parts or path.name == "tests.rs"
    limit = TEST_FILE_LINES_MAX if is_test else FILE_LINES_MAX
    if len(lines) > limit:
        yield f"{path}:1: {len(lines)} lines, more than {limit}: split it by purpose"
    if path.stem in BANNED_FILE_NAMES:
        yield f"{path}:1: a file called {path.stem} has no purpose of its own: name what it is for"
    yield from _line_faults(path, lines)
    if path.suffix == ".py":
        yield from _python_faults(path, text)
    if path.suffix == ".rs" and not lines[0].startswith("//!"):
        yield f"{path}:1: begin with a //! sentence that says what the file is for"


def _line_faults(path: Path, lines: list[str]) -> Iterator[Fault]:
    if path == Path("tools/tidy.py"):
        return
    for number, line in enumerate(lines, 1):
        if TODO.search(line):
            yield f"{path}:{number}: write TODO(#issue) or do it now"
        match = REASON_NEEDED.search(line)
        if match and path.suffix in (".py", ".ts", ".tsx"):
            reason = match["reason"] if match["reason"] is not None else match["script"]
            if len((reason or "").strip(" -#:")) < len("a why"):
                yield f"{path}:{number}: say why the rule does not hold here"


def _python_faults(path: Path, text: str) -> Iterator[Fault]:
    tree = ast.parse(text)
    if tree.body and not ast.get_docstring(tree) and path.name != "__init__.py":
        yield f"{path}:1: begin with a docstring sentence that says what the file is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                limit = f"more than {FUNCTION_LINES_MAX}"
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, {limit}"


def _rooms_without_readme() -> Iterator[Fault]:
    for room in sorted(each for each in ROOMS.iterdir() if (each / "__init__.py").is_file()):
        readme = room / "README.md"
        if not readme.is_file():
            yield f"{room}: a room has a README.md that says what it is for"
        elif len(readme.read_text("utf-8").splitlines()) > ROOM_README_LINES_MAX:
            yield f"{readme}:1: more than {ROOM_README_LINES_MAX} lines"


def _docs_missing() -> Iterator[Fault]:
    for migration in sorted(Path("src/vedette/storage/telemetry/sql").glob("*.sql")):
        if not migration.read_text("utf-8").startswith("--"):
            yield f"{migration}:1: begin with a comment that says what the tables are for"


if __name__ == "__main__":
    sys.exit(main())
