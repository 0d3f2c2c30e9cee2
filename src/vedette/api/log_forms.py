"""The forms of answers about log lines."""

from typing import Literal

from pydantic import JsonValue

from vedette.api.answer_forms import Form


class Pattern(Form):
    """Lines of one template; `trend` has their number for each of the answer's `times`."""

    pattern: str
    is_template: bool
    count: int
    share: float
    sampled: int
    example: str
    severities: dict[str, int]
    trend: list[int]
    query: str


class Patterns(Form):
    """Templates, most frequent first; `sampled` of `total` lines were looked at."""

    total: int
    sampled: int
    measure: str
    interval: int
    times: list[int]
    pattern_count: int
    is_cut: bool
    patterns: list[Pattern]


class LogContext(Form):
    """Lines in order: before, the line itself, after; `source` says what they have in common."""

    by: Literal["source", "trace"]
    source: dict[str, JsonValue]
    before: list[dict[str, JsonValue]]
    line: dict[str, JsonValue] | None
    after: list[dict[str, JsonValue]]
    has_more_before: bool
    has_more_after: bool
