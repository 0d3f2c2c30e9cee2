"""An error event in the form in which Sentry shows one."""

from typing import Final

import orjson

from vedette.model.hex_id import is_no_id
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.source_map import FindMap, ScriptQuestion, nothing_uploaded
from vedette.pipeline.source_maps.minified_frames import may_have_maps
from vedette.pipeline.source_maps.original_event import original_body
from vedette.query.event_entries import entries_of, meta_shape
from vedette.query.finding_shape import occurrence_of, span_entries
from vedette.query.iso_time import iso_time
from vedette.query.payload import as_list, as_object, as_text, pairs_of, whole

EVENT_FIELDS: Final = (
    "id",
    "project.id",
    "timestamp",
    "received",
    "event.type",
    "level",
    "platform",
    "title",
    "message",
    "culprit",
    "error.type",
    "error.value",
    "transaction",
    "environment",
    "release",
    "dist",
    "server_name",
    "logger",
    "trace",
    "span_id",
    "user.id",
    "user.email",
    "user.username",
    "user.ip",
    "group.hash",
    "payload",
)
"""What is asked of the store for one event."""


def shape_event(row: JsonObject, find_map: FindMap = nothing_uploaded) -> JsonObject:
    """Return one event with everything that was kept of it.

    Frames of scripts whose map came after the event are brought back to their source.
    """
    payload = _in_its_sources(_payload(row), row, find_map)
    entries = entries_of(payload)
    return {
        **_summary(row, payload),
        "entries": [*entries, *span_entries(payload)],
        "contexts": _contexts(payload, row),
        "context": as_object(payload.get("extra")),
        "packages": as_object(payload.get("modules")),
        "sdk": _sdk(payload),
        "release": {"version": row["release"]} if row["release"] else None,
        "errors": _errors(payload),
        "_meta": meta_shape(as_object(payload.get("_meta")), entries),
        "fingerprints": [
            text for part in as_list(payload.get("fingerprint")) if (text := as_text(part))
        ],
        "dateReceived": _time(row["received"]),
        "size": len(str(row.get("payload") or "").encode("utf-8", "replace")),
        "occurrence": occurrence_of(payload, row),
        "userReport": None,
        "sdkUpdates": [],
        "resolvedWith": [],
        "crashFile": None,
        # Neighbours are those of the same issue: see ask_issue_events.
        "previousEventID": None,
        "nextEventID": None,
    }


def _in_its_sources(payload: JsonObject, row: JsonObject, find_map: FindMap) -> JsonObject:
    if not may_have_maps(str(row["platform"]), payload):
        return payload
    asker = ScriptQuestion(
        project_id=whole(row["project.id"]),
        release=str(row["release"]),
        dist=str(row["dist"]),
        debug_id="",
        url="",
    )
    return original_body(payload, asker=asker, find=find_map)


def shape_event_in_list(row: JsonObject) -> JsonObject:
    """Return one event as it stands in a list."""
    return _summary(row, _payload(row))


def _summary(row: JsonObject, payload: JsonObject) -> JsonObject:
    return {
        "id": row["id"],
        "eventID": row["id"],
        # Whose the group is, the metadata say.
        "groupID": None,
        "groupHash": None if is_no_id(str(row["group.hash"])) else row["group.hash"],
        "projectID": str(whole(row["project.id"])),
        "event.type": row["event.type"],
        "type": row["event.type"],
        "title": row["title"],
        "message": row["message"],
        "location": row["culprit"] or None,
        "culprit": row["culprit"] or None,
        "platform": row["platform"] or None,
        "dist": row["dist"] or None,
        "dateCreated": _time(row["timestamp"]),
        "metadata": {
            "title": row["title"],
            "type": row["error.type"],
            "value": row["error.value"],
        },
        "tags": _tags(row, payload),
        "user": _user(row, payload),
    }


def _payload(row: JsonObject) -> JsonObject:
    text = row.get("payload")
    if not isinstance(text, str) or not text:
        return {}
    try:
        payload: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {"errors": [{"type": "invalid_data", "message": "The kept event cannot be read."}]}
    return as_object(payload)


def _time(value: JsonValue) -> str:
    return iso_time(whole(value))


def _tags(row: JsonObject, payload: JsonObject) -> list[JsonObject]:
    """Return what the sender tagged, and what we know under the names of Sentry's own tags."""
    tags: dict[str, JsonValue] = {
        str(name): value for name, value in pairs_of(payload.get("tags")) if value is not None
    }
    known = {
        "environment": row["environment"],
        "level": row["level"],
        "logger": row["logger"],
        "release": row["release"],
        "server_name": row["server_name"],
        "transaction": row["transaction"],
        "dist": row["dist"],
        "user": _user_tag(row),
    }
    tags |= {name: value for name, value in known.items() if value}
    return [{"key": name, "value": str(value)} for name, value in sorted(tags.items())]


def _user_tag(row: JsonObject) -> str | None:
    parts = (("id", "user.id"), ("email", "user.email"), ("username", "user.username"))
    found = (f"{part}:{row[column]}" for part, column in parts if row[column])
    return next(found, None)


def _user(row: JsonObject, payload: JsonObject) -> JsonObject | None:
    sent = as_object(payload.get("user"))
    user: JsonObject = {
        "id": row["user.id"] or None,
        "email": row["user.email"] or None,
        "username": row["user.username"] or None,
        "ip_address": row["user.ip"] or None,
        "name": as_text(sent.get("name")),
        "geo": as_object(sent.get("geo")) or None,
        "data": as_object(sent.get("data")) or None,
    }
    return user if any(user.values()) else None


def _contexts(payload: JsonObject, row: JsonObject) -> JsonObject:
    contexts = {
        name: context
        for name, context in as_object(payload.get("contexts")).items()
        if isinstance(context, dict)
    }
    if not is_no_id(row["trace"]) and "trace" not in contexts:
        contexts["trace"] = {"trace_id": row["trace"], "span_id": row["span_id"], "type": "trace"}
    return contexts


def _sdk(payload: JsonObject) -> JsonObject | None:
    sdk = as_object(payload.get("sdk"))
    if not sdk:
        return None
    return {"name": as_text(sdk.get("name")), "version": as_text(sdk.get("version"))}


def _errors(payload: JsonObject) -> list[JsonObject]:
    """Return what could not be read of the event, as the normaliser noted it."""
    return [
        {
            "type": as_text(error.get("type")) or "invalid_data",
            "message": as_text(error.get("message")) or as_text(error.get("value")) or "",
            "data": {name: value for name, value in error.items() if name != "type"},
        }
        for error in (as_object(one) for one in as_list(payload.get("errors")))
        if error
    ]
