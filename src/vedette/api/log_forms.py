"""The forms of answers about log lines."""

from typing import Literal

from pydantic import JsonValue

from vedette.api.answer_forms import Form


class LogContext(Form):
    """Lines in order: before, the line itself, after; `source` says what they have in common."""

    by: Literal["source", "trace"]
    source: dict[str, JsonValue]
    before: list[dict[str, JsonValue]]
    line: dict[str, JsonValue] | None
    after: list[dict[str, JsonValue]]
    has_more_before: bool
    has_more_after: bool
