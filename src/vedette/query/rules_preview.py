"""Try rules on a kept event: what would be taken out of it, and how it would be grouped."""

import json
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.project_rules import ProjectRules
from vedette.model.question import Compare, Dataset, Field, Operator, RowQuestion, TimeRange
from vedette.pipeline.grouping import GroupingRules, group_event, why_grouped
from vedette.pipeline.normalise_event import NormalisedEvent
from vedette.pipeline.scrub_event import scrub_event
from vedette.storage.telemetry.port import TelemetryReader

_AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead."""


def ask_preview(
    reader: TelemetryReader, *, project_id: int, event_id: str, rules: ProjectRules, now_ns: int
) -> JsonObject | None:
    """Return what the rules would do to an event; None if the project has none of this id."""
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.ERRORS,
            project_ids=(project_id,),
            time_range=TimeRange(0, now_ns + _AHEAD_NS),
            selected=(Field("level"), Field("platform"), Field("payload")),
            where=Compare(Field("id"), Operator.EQUAL, (event_id,)),
            row_count_max=1,
        )
    )
    if not answer.row_count:
        return None
    row = answer.rows()[0]
    return preview(
        str(row["payload"] or "{}"),
        level=str(row["level"]),
        platform=str(row["platform"]),
        event_id=event_id,
        rules=rules,
    )


def preview(
    payload: str, *, level: str, platform: str, event_id: str, rules: ProjectRules
) -> JsonObject:
    """Return what the rules would do to an event that was kept as this text."""
    body = _read(payload)
    # What was taken out before is no news.
    body.pop("_meta", None)
    normalised = NormalisedEvent(event_id, 0, level, platform, {}, body)
    scrubbed = scrub_event(normalised, rules.scrubbing)
    texts = rules.grouping
    grouping = group_event(scrubbed.body, GroupingRules(texts.stack_rules, texts.fingerprint_rules))
    removed = scrubbed.body.get("_meta")
    return {
        "removed": removed if isinstance(removed, dict) else {},
        "event": {key: value for key, value in scrubbed.body.items() if key != "_meta"},
        "title": grouping.title,
        "culprit": grouping.culprit,
        "grouping": why_grouped(grouping),
    }


def _read(payload: str) -> dict[str, JsonValue]:
    try:
        body: object = json.loads(payload)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
