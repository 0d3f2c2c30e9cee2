"""A scrubbed event as a row of `errors`."""

from vedette.pipeline.grouping import Grouping
from vedette.pipeline.scrub_event import ScrubbedEvent
from vedette.protocols.json_text import write_json
from vedette.storage.telemetry.pack import Row


def error_row(
    event: ScrubbedEvent,
    grouping: Grouping,
    *,
    project_id: int,
    received_ns: int,
    journal_sequence: int,
    service: str,
) -> Row:
    """Return the columns of an event."""
    return {
        "project_id": project_id,
        "event_id": bytes.fromhex(event.event_id),
        "time": event.time_ns // 1_000,
        "received_at": received_ns // 1_000_000,
        "journal_sequence": journal_sequence,
        "group_hash": bytes.fromhex(grouping.hashes[0].value),
        "type": event.type,
        "level": event.level,
        "platform": event.platform,
        "logger": event.logger,
        "title": grouping.title,
        "message": event.message,
        "culprit": grouping.culprit,
        "exception_type": event.exception_type,
        "exception_value": event.exception_value,
        "handled": event.handled,
        "transaction_name": event.transaction,
        "service": service,
        "environment": event.environment,
        "release": event.release,
        "dist": event.dist,
        "server_name": event.server_name,
        "sdk_name": event.sdk_name,
        "sdk_version": event.sdk_version,
        "trace_id": _fixed(event.trace_id, 16),
        "span_id": _fixed(event.span_id, 8),
        "user_id": event.user_id,
        "user_email": event.user_email,
        "user_name": event.user_name,
        "user_address": event.user_address,
        "session_id": "",
        "replay_id": event.replay_id,
        "profile_id": event.profile_id,
        "tags": event.tags,
        "payload": write_json(event.body).decode("utf-8", "replace"),
    }


def _fixed(digits: str, byte_count: int) -> bytes:
    return bytes.fromhex(digits) if digits else bytes(byte_count)
