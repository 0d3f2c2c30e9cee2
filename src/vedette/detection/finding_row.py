"""A finding as a row of `findings`, and such a row as a sighting for the room of issues."""

import hashlib
from typing import Final

import orjson

from vedette.model.finding import Finding
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.sighting import Sighting, SightingDetails
from vedette.storage.telemetry.pack import Row

CATEGORY: Final = "performance"
LEVEL: Final = "info"
TITLE_LENGTH_MAX: Final = 500
SIGHTING_FIELDS: Final = (
    "project.id",
    "group.hash",
    "id",
    "timestamp",
    "event.type",
    "title",
    "message",
    "culprit",
    "level",
    "platform",
    "release",
    "environment",
)
"""What is asked of the store for a sighting."""


def finding_id(finding: Finding) -> str:
    """Return the id of a finding: the same for the same fault in the same trace."""
    return _digest("finding", finding.kind, finding.trace_id, *_of_group(finding))


def group_hash(finding: Finding) -> str:
    """Return what all occurrences of a fault have in common."""
    return _digest("fault", finding.kind, *_of_group(finding))


def finding_row(finding: Finding, *, round_number: int, received_ns: int) -> Row:
    """Return the columns of a finding."""
    offenders = finding.offender_span_ids
    message = str(finding.evidence.get("query") or finding.evidence.get("subject") or "")
    return {
        "project_id": finding.project_id,
        "event_id": bytes.fromhex(finding_id(finding)),
        "time": finding.time_ns // 1_000,
        "received_at": received_ns // 1_000_000,
        "journal_sequence": round_number,
        "group_hash": bytes.fromhex(group_hash(finding)),
        "type": finding.kind,
        "level": LEVEL,
        "platform": finding.platform,
        "logger": "",
        "title": finding.title[:TITLE_LENGTH_MAX],
        "message": message[:TITLE_LENGTH_MAX],
        "culprit": finding.culprit,
        "exception_type": "",
        "exception_value": "",
        "handled": "unknown",
        "transaction_name": finding.culprit,
        "service": finding.service,
        "environment": finding.environment,
        "release": finding.release,
        "dist": "",
        "server_name": "",
        "sdk_name": "",
        "sdk_version": "",
        "trace_id": bytes.fromhex(finding.trace_id),
        "span_id": bytes.fromhex(offenders[0]) if offenders else bytes(8),
        "user_id": "",
        "user_email": "",
        "user_name": "",
        "user_address": "",
        "session_id": "",
        "replay_id": "",
        "profile_id": "",
        "tags": {"service": finding.service} if finding.service else {},
        "payload": orjson.dumps(_payload(finding)).decode(),
    }


def sighting_of(row: JsonObject) -> Sighting:
    """Return what is told of a row that is stored; `row` has the `SIGHTING_FIELDS`."""
    return Sighting(
        project_id=_whole(row["project.id"]),
        group_hash=str(row["group.hash"]),
        other_hashes=(),
        event_id=str(row["id"]),
        time_ns=_whole(row["timestamp"]),
        title=str(row["title"]),
        culprit=str(row["culprit"]),
        level=str(row["level"]),
        platform=str(row["platform"]),
        kind=str(row["event.type"]),
        category=CATEGORY,
        release=str(row["release"]),
        environment=str(row["environment"]),
        details=SightingDetails(value=str(row["message"])),
    )


def _payload(finding: Finding) -> JsonObject:
    offenders, causes = finding.offender_span_ids, finding.cause_span_ids
    return {
        "contexts": {
            "trace": {
                "type": "trace",
                "trace_id": finding.trace_id,
                "span_id": offenders[0] if offenders else "",
            }
        },
        "finding": {
            "kind": finding.kind,
            "evidence": dict(finding.evidence),
            "time_lost_ms": finding.time_lost_ns / 1e6,
            "offender_span_ids": [*offenders],
            "cause_span_ids": [*causes],
        },
    }


def _of_group(finding: Finding) -> tuple[str, ...]:
    return (str(finding.project_id), *finding.shape)


def _digest(*parts: str) -> str:
    text = orjson.dumps(parts)
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int | float)
    return int(value)
