"""Bring a decoded event to our names and units, within our bounds."""

from dataclasses import dataclass
from typing import Final

from vedette.model.hex_id import read_hex_id
from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.event_limits import limit_event

_PAST_NS_MAX: Final = 30 * 86_400 * 1_000_000_000
_FUTURE_NS_MAX: Final = 60 * 1_000_000_000
_TITLE_LENGTH_MAX: Final = 256
_INVALID_ENVIRONMENTS: Final = ("none",)


@dataclass(frozen=True, slots=True)
class NormalisedEvent:
    """An error event with everything that lists and searches need read out of it."""

    event_id: str
    time_ns: int
    type: str
    level: str
    platform: str
    logger: str
    title: str
    message: str
    culprit: str
    exception_type: str
    exception_value: str
    handled: str
    transaction: str
    environment: str
    release: str
    dist: str
    server_name: str
    sdk_name: str
    sdk_version: str
    trace_id: str
    span_id: str
    user_id: str
    user_email: str
    user_name: str
    user_address: str
    replay_id: str
    profile_id: str
    tags: dict[str, str]
    body: JsonObject


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
    """Return the event in our shape; `source` stays as it is."""
    body = dict(source)
    limit_event(body, byte_count=facts.byte_count)
    time_ns = _settle_time(body, facts)
    _fill_in_address(body, facts)
    exception = _main_exception(body)
    message = _text_at(body, "logentry", "formatted")
    trace = _object_at(body, "contexts", "trace")
    user = _object_at(body, "user")
    tags = _take_fields_from_tags(body)
    exception_type, exception_value = (
        _text_of(exception.get("type")),
        _text_of(exception.get("value")),
    )
    return NormalisedEvent(
        event_id=facts.event_id,
        time_ns=time_ns,
        type=_type_of(body),
        level=facts.level,
        platform=facts.platform[:64],
        logger=_text_of(body.get("logger")).strip()[:64],
        title=_title(exception_type, exception_value, message),
        message=message,
        culprit=_culprit(body, exception),
        exception_type=exception_type,
        exception_value=exception_value,
        handled=_handled(exception),
        transaction=_text_of(body.get("transaction"))[:200],
        environment=_environment(body),
        release=_release(body),
        dist=_text_of(body.get("dist"))[:64],
        server_name=_text_of(body.get("server_name"))[:256],
        sdk_name=_text_at(body, "sdk", "name")[:128],
        sdk_version=_text_at(body, "sdk", "version")[:64],
        trace_id=_hex(trace.get("trace_id"), 32),
        span_id=_hex(trace.get("span_id"), 16),
        user_id=_text_of(user.get("id"))[:128],
        user_email=_text_of(user.get("email"))[:128],
        user_name=_text_of(user.get("username") or user.get("name"))[:128],
        user_address=_text_of(user.get("ip_address"))[:64],
        replay_id=_replay_id(body, tags, facts.dsc),
        profile_id=_profile_id(body),
        tags=tags,
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
    if time_ns < facts.received_ns - _PAST_NS_MAX:
        _remark(body, "past_timestamp", "timestamp")
        return facts.received_ns
    if time_ns > facts.received_ns + _FUTURE_NS_MAX:
        _remark(body, "future_timestamp", "timestamp")
        return facts.received_ns
    return time_ns


def _remark(body: dict[str, JsonValue], kind: str, name: str) -> None:
    errors = body.get("errors")
    known = errors if isinstance(errors, list) else []
    body["errors"] = [*known, {"type": kind, "name": name, "value": body.get(name)}]


def _fill_in_address(body: dict[str, JsonValue], facts: EventFacts) -> None:
    """Replace `{{auto}}` by the sender's address, or take it out when that is not wanted."""
    user = _object_at(body, "user")
    address = user.get("ip_address")
    infer = _text_at(body, "sdk", "settings", "infer_ip")
    is_browser = facts.platform in ("javascript", "cocoa", "objc")
    wanted = address in ("{{auto}}", "auto")
    if address is None and (infer == "auto" or (not infer and is_browser)):
        wanted = True
    if not wanted or infer == "never":
        if address in ("{{auto}}", "auto"):
            body["user"] = {key: value for key, value in user.items() if key != "ip_address"}
        return
    behind = _text_at(body, "request", "env", "REMOTE_ADDR")
    found = behind or facts.client_address
    if found:
        body["user"] = {**user, "ip_address": found}


def _type_of(body: JsonObject) -> str:
    declared = _text_of(body.get("type"))
    if declared in ("feedback", "csp", "hpkp", "expectct", "expectstaple"):
        return declared
    if "exception" in body:
        return "error"
    return "csp" if "csp" in body else "default"


def _main_exception(body: JsonObject) -> JsonObject:
    holder = body.get("exception")
    if not isinstance(holder, dict) or not isinstance(holder["values"], list):
        return {}
    # The last value is the one that was raised; its causes stand before it.
    last = holder["values"][-1]
    return last if isinstance(last, dict) else {}


def _title(exception_type: str, exception_value: str, message: str) -> str:
    first_line = (exception_value or "").strip().partition("\n")[0]
    if exception_type:
        title = f"{exception_type}: {first_line}" if first_line else exception_type
    else:
        title = first_line or message.strip().partition("\n")[0] or "<unlabeled event>"
    return title if len(title) <= _TITLE_LENGTH_MAX else title[: _TITLE_LENGTH_MAX - 3] + "..."


def culprit_of(body: JsonObject) -> str:
    """Return where an event comes from, in the words of its own frames."""
    return _culprit(body, _main_exception(body))


def _culprit(body: JsonObject, exception: JsonObject) -> str:
    given = _text_of(body.get("culprit")) or _text_of(body.get("transaction"))
    if given:
        return given[:200]
    trace = exception.get("stacktrace")
    frames = trace.get("frames") if isinstance(trace, dict) else None
    if not isinstance(frames, list):
        return ""
    objects = [frame for frame in frames if isinstance(frame, dict)]
    frame = next((each for each in reversed(objects) if each.get("in_app") is True), None)
    frame = frame or (objects[-1] if objects else {})
    where = _text_of(frame.get("module")) or _text_of(frame.get("filename"))
    function = _text_of(frame.get("function"))
    return (f"{where} in {function}" if where and function else where or function)[:200]


def _handled(exception: JsonObject) -> str:
    mechanism = exception.get("mechanism")
    handled = mechanism.get("handled") if isinstance(mechanism, dict) else None
    return (
        {True: "yes", False: "no"}.get(handled, "unknown")
        if isinstance(handled, bool)
        else "unknown"
    )


def _environment(body: JsonObject) -> str:
    text = _text_of(body.get("environment")).strip()
    if text.lower() in _INVALID_ENVIRONMENTS or "/" in text or "\n" in text:
        return ""
    return text[:64]


def _release(body: JsonObject) -> str:
    text = _text_of(body.get("release")).strip()
    if text in (".", "..") or any(each in text for each in "\n\r\t\f\v/\\"):
        return ""
    return text[:200]


def _take_fields_from_tags(body: dict[str, JsonValue]) -> dict[str, str]:
    """Return the tags as a map; those that are fields of the event move to their field."""
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
    return tags


def _replay_id(body: JsonObject, tags: dict[str, str], dsc: JsonObject) -> str:
    replay = _object_at(body, "contexts", "replay").get("replay_id")
    return _hex(replay, 32) or _hex(tags.get("replayId"), 32) or _hex(dsc.get("replay_id"), 32)


def _profile_id(body: JsonObject) -> str:
    profile = _object_at(body, "contexts", "profile")
    return _hex(profile.get("profile_id"), 32) or _hex(profile.get("profiler_id"), 32)


def _hex(value: JsonValue, length: int) -> str:
    return read_hex_id(value, length=length) or ""


def _object_at(body: JsonObject, *path: str) -> JsonObject:
    node: JsonValue = body
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def _text_at(body: JsonObject, *path: str) -> str:
    return _text_of(_object_at(body, *path[:-1]).get(path[-1]))


def _text_of(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""
