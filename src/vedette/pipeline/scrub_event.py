"""Let an event on: without what must not be kept, and with what lists need read out of it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vedette.model.hex_id import read_hex_id
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.project_rules import ScrubRules
from vedette.pipeline.event_reading import (
    environment_of,
    exceptions_of,
    object_at,
    release_of,
    text_at,
    text_of,
)
from vedette.pipeline.normalise_event import NormalisedEvent
from vedette.pipeline.scrubbing.plan import Plan
from vedette.pipeline.scrubbing.walk import Walk

_PLANS_KEPT: Final = 64
"""Projects with rules of their own that send at the same time."""


@dataclass(frozen=True, slots=True)
class ScrubbedEvent:
    """An event that may be kept. Only `scrub_event` makes one, and only this becomes a row."""

    event_id: str
    time_ns: int
    type: str
    level: str
    platform: str
    logger: str
    message: str
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


def scrub_event(event: NormalisedEvent, rules: ScrubRules) -> ScrubbedEvent:
    """Take what must not be kept out of the event, in place, and read the rest."""
    plan = plan_of(rules)
    body = event.body
    if not plan.is_empty:
        Walk(plan).scrub(body)
    raised = exceptions_of(body)[-1:]
    exception: JsonObject = raised[0] if raised else {}
    trace = object_at(body, "contexts", "trace")
    user = object_at(body, "user")
    tags = _tags(body)
    return ScrubbedEvent(
        event_id=event.event_id,
        time_ns=event.time_ns,
        type=_type_of(body),
        level=event.level,
        platform=event.platform,
        logger=text_of(body.get("logger")).strip()[:64],
        message=text_at(body, "logentry", "formatted"),
        exception_type=text_of(exception.get("type")),
        exception_value=text_of(exception.get("value")),
        handled=_handled(exception),
        transaction=text_of(body.get("transaction"))[:200],
        environment=environment_of(body),
        release=release_of(body),
        dist=text_of(body.get("dist"))[:64],
        server_name=text_of(body.get("server_name"))[:256],
        sdk_name=text_at(body, "sdk", "name")[:128],
        sdk_version=text_at(body, "sdk", "version")[:64],
        trace_id=_hex(trace.get("trace_id"), 32),
        span_id=_hex(trace.get("span_id"), 16),
        user_id=text_of(user.get("id"))[:128],
        user_email=text_of(user.get("email"))[:128],
        user_name=text_of(user.get("username") or user.get("name"))[:128],
        user_address=text_of(user.get("ip_address"))[:64],
        replay_id=_replay_id(body, tags, event.dsc),
        profile_id=_profile_id(body),
        tags=tags,
        body=body,
    )


@lru_cache(maxsize=_PLANS_KEPT)
def plan_of(rules: ScrubRules) -> Plan:
    """Return the plan of these rules; it learns with every event."""
    return Plan(rules)


def _type_of(body: JsonObject) -> str:
    declared = text_of(body.get("type"))
    if declared in ("feedback", "csp", "hpkp", "expectct", "expectstaple"):
        return declared
    if "exception" in body:
        return "error"
    return "csp" if "csp" in body else "default"


def _handled(exception: JsonObject) -> str:
    handled = object_at(exception, "mechanism").get("handled")
    if not isinstance(handled, bool):
        return "unknown"
    return "yes" if handled else "no"


def _tags(body: JsonObject) -> dict[str, str]:
    pairs = body.get("tags")
    tags: dict[str, str] = {}
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and pair[1] is not None:  # noqa: PLR2004 - a pair
            tags[str(pair[0])] = str(pair[1])
    return tags


def _replay_id(body: JsonObject, tags: dict[str, str], dsc: JsonObject) -> str:
    replay = object_at(body, "contexts", "replay").get("replay_id")
    return _hex(replay, 32) or _hex(tags.get("replayId"), 32) or _hex(dsc.get("replay_id"), 32)


def _profile_id(body: JsonObject) -> str:
    profile = object_at(body, "contexts", "profile")
    return _hex(profile.get("profile_id"), 32) or _hex(profile.get("profiler_id"), 32)


def _hex(value: JsonValue, length: int) -> str:
    return read_hex_id(value, length=length) or ""
