"""Bring a decoded event to our names and units, within our bounds."""

from dataclasses import dataclass

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.time_window import ERROR_TIMES
from vedette.pipeline.event_limits import limit_event
from vedette.pipeline.event_reading import object_at, text_at


@dataclass(frozen=True, slots=True)
class NormalisedEvent:
    """An event in our shape and within our bounds. It may still hold what must not be kept."""

    event_id: str
    time_ns: int
    level: str
    platform: str
    dsc: JsonObject
    body: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is known of an event besides its body."""

    event_id: str
    level: str
    platform: str
    time_ns: int | None
    sent_ns: int | None
    received_ns: int
    client_address: str
    user_agent: str
    dsc: JsonObject
    byte_count: int
    """What the event took as JSON text."""


def normalise_event(source: JsonObject, facts: EventFacts) -> NormalisedEvent:
    """Return the event in our shape; the top level of `source` stays as it is."""
    body = dict(source)
    limit_event(body, byte_count=facts.byte_count)
    time_ns = _settle_time(body, facts)
    _fill_in_address(body, facts)
    _take_fields_from_tags(body)
    return NormalisedEvent(
        event_id=facts.event_id,
        time_ns=time_ns,
        level=facts.level,
        platform=facts.platform[:64],
        dsc=facts.dsc,
        body=body,
    )


def _settle_time(body: dict[str, JsonValue], facts: EventFacts) -> int:
    """Return when the event happened, as far as its sender's clock can be believed."""
    time_ns = facts.time_ns
    if time_ns is not None and facts.sent_ns is not None:
        drift_ns = facts.received_ns - facts.sent_ns
        # Smaller differences are the way through the network or a slow queue, not a wrong clock.
        if abs(drift_ns) >= 55 * 60 * 1_000_000_000:
            time_ns += drift_ns
            _remark(body, "clock_drift", "timestamp")
    if time_ns is None:
        return facts.received_ns
    if ERROR_TIMES.is_past(time_ns, received_ns=facts.received_ns):
        _remark(body, "past_timestamp", "timestamp")
        return facts.received_ns
    if ERROR_TIMES.is_future(time_ns, received_ns=facts.received_ns):
        _remark(body, "future_timestamp", "timestamp")
        return facts.received_ns
    return time_ns


def _remark(body: dict[str, JsonValue], kind: str, name: str) -> None:
    errors = body.get("errors")
    known = errors if isinstance(errors, list) else []
    body["errors"] = [*known, {"type": kind, "name": name, "value": body.get(name)}]


def _fill_in_address(body: dict[str, JsonValue], facts: EventFacts) -> None:
    """Replace `{{auto}}` by the sender's address, or take it out when that is not wanted."""
    user = object_at(body, "user")
    address = user.get("ip_address")
    infer = text_at(body, "sdk", "settings", "infer_ip")
    is_browser = facts.platform in ("javascript", "cocoa", "objc")
    wanted = address in ("{{auto}}", "auto")
    if address is None and (infer == "auto" or (not infer and is_browser)):
        wanted = True
    if not wanted or infer == "never":
        if address in ("{{auto}}", "auto"):
            body["user"] = {key: value for key, value in user.items() if key != "ip_address"}
        return
    behind = text_at(body, "request", "env", "REMOTE_ADDR")
    found = behind or facts.client_address
    if found:
        body["user"] = {**user, "ip_address": found}


def _take_fields_from_tags(body: dict[str, JsonValue]) -> None:
    """Move those tags that are fields of the event to their field."""
    pairs = body.get("tags")
    tags: dict[str, str] = {}
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list):
            tags[str(pair[0])] = str(pair[1])
    for name in ("environment", "release", "dist"):
        value = tags.pop(name, None)
        if value and not body.get(name):
            body[name] = value
    body["tags"] = [[key, value] for key, value in tags.items()]
