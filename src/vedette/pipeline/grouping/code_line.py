"""The statement at which an error broke out, in a form that no formatter changes."""

import re
from functools import lru_cache
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.json_reading import list_of

_LENGTH_MAX: Final = 120
"""Longer lines are bundles or data, and change with every build."""
_SURROUNDING_LINES_MAX: Final = 8
_TEXTS: Final = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_BLANKS: Final = re.compile(r"\s+")
_BLOCK: Final = re.compile(
    r"\s*(?:def|class|function|async|if|for|while|switch|try|else)\b|.*(?:=>|\)) *\{\s*$"
)
"""What opens a block, and so begins another statement."""
_SNIPPED: Final = "{snip}"
_KNOWN_MAX: Final = 2_048
"""About 1 KB each: programs break at the same lines over and over."""


def code_line(frame: JsonObject) -> str:
    """Return the frame's statement on one line without blanks; empty if it says nothing.

    A call that a formatter spread over several lines is put together again from the lines around.
    """
    line = frame.get("context_line")
    if type(line) is not str or not line.strip():
        return ""
    if len(line) > _LENGTH_MAX * 2 or _SNIPPED in line:
        return ""
    before = _lines(frame.get("pre_context"))[-_SURROUNDING_LINES_MAX:]
    after = _lines(frame.get("post_context"))[:_SURROUNDING_LINES_MAX]
    return _statement(line, before, after)


@lru_cache(maxsize=_KNOWN_MAX)
def _statement(line: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    head = _opening_lines(line, before) if before else []
    statement = "".join([*head, line])
    depth = _depth(statement)
    for following in after:
        if depth <= 0:
            break
        statement += following
        depth += _depth(following)
    compact = _BLANKS.sub("", statement).replace("'", '"')
    compact = re.sub(r",(?=[)\]}])", "", compact).rstrip(",;")
    return "" if len(compact) > _LENGTH_MAX else compact


def _lines(value: object) -> tuple[str, ...]:
    lines = list_of(value) if isinstance(value, list) else []
    return tuple([each[:_LENGTH_MAX] for each in lines if type(each) is str])


def _opening_lines(line: str, before: tuple[str, ...]) -> list[str]:
    """Return the lines from the one that opens the brackets in which `line` stands."""
    indent = _indent(line)
    for index in range(len(before) - 1, -1, -1):
        candidate = before[index]
        if not candidate.strip():
            return []
        if _indent(candidate) < indent:
            opens = candidate.rstrip().endswith(("(", "[", "{"))
            return list(before[index:]) if opens and not _BLOCK.match(candidate) else []
    return []


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _depth(text: str) -> int:
    plain = _TEXTS.sub("", text)
    return sum(plain.count(each) for each in "([") - sum(plain.count(each) for each in ")]")
