"""What a detector found, as an event of its issue shows it."""

from collections.abc import Mapping
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.detectors.catalogue import DETECTORS
from vedette.query.iso_time import iso_time
from vedette.query.payload import as_list, as_object, whole

_BY_KIND: Final = {each.kind: each for each in DETECTORS}
SENTRY_TYPES: Final[Mapping[str, str]] = {
    "n_plus_one_query": "performance_n_plus_one_db_queries",
    "m_n_plus_one": "performance_m_n_plus_one_db_queries",
    "slow_query": "performance_slow_db_query",
    "consecutive_queries": "performance_consecutive_db_queries",
    "n_plus_one_call": "performance_n_plus_one_api_calls",
    "consecutive_calls": "performance_consecutive_http",
    "large_payload": "performance_large_http_payload",
    "uncompressed_asset": "performance_uncompressed_assets",
    "render_blocking_asset": "performance_render_blocking_asset_span",
    "http_overhead": "performance_http_overhead",
    "file_io_main_thread": "performance_file_io_main_thread",
    "injection_shaped_query": "query_injection_vuln",
}
"""What Sentry calls the same fault, where it knows it."""


def occurrence_of(payload: JsonObject, row: JsonObject) -> JsonObject | None:
    """Return the finding that an event is; None for other events."""
    finding = as_object(payload.get("finding"))
    if not finding:
        return None
    kind = str(finding.get("kind"))
    evidence = as_object(finding.get("evidence"))
    detector = _BY_KIND.get(kind)
    return {
        "id": row["id"],
        "eventId": row["id"],
        "projectId": whole(row["project.id"]),
        "fingerprint": [row["group.hash"]],
        "issueTitle": row["title"],
        "subtitle": row["culprit"],
        "type": kind,
        "sentryType": SENTRY_TYPES.get(kind),
        "level": row["level"],
        "detectionTime": iso_time(whole(row["received"])),
        "evidenceData": {
            **evidence,
            "timeLostMs": finding.get("time_lost_ms"),
            "offenderSpanIds": [*as_list(finding.get("offender_span_ids"))],
            "causeSpanIds": [*as_list(finding.get("cause_span_ids"))],
        },
        "evidenceDisplay": [*_display(evidence)],
        "explanation": None
        if detector is None
        else {
            "title": detector.title,
            "what": detector.explanation.what,
            "why": detector.explanation.why,
            "how": detector.explanation.how,
        },
    }


def span_entries(payload: JsonObject) -> list[JsonObject]:
    """Return the entry that names the spans of a finding; none for other events."""
    finding = as_object(payload.get("finding"))
    if not finding:
        return []
    data: JsonObject = {
        "offenderSpanIds": [*as_list(finding.get("offender_span_ids"))],
        "causeSpanIds": [*as_list(finding.get("cause_span_ids"))],
    }
    return [{"type": "spans", "data": data}]


def _display(evidence: JsonObject) -> list[JsonValue]:
    return [
        {
            "name": name.replace("_", " ").capitalize(),
            "value": f"{value:,.1f}" if isinstance(value, float) else str(value),
            "important": place == 0,
        }
        for place, (name, value) in enumerate(evidence.items())
        if value is not None
    ]
