"""Small events for the tests of grouping."""

from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.grouping import Grouping, GroupingRules, group_event

RULES = GroupingRules()


def frame(function: str, *, in_app: bool | None = True, **others: JsonValue) -> JsonObject:
    return {"function": function, "module": "shop", "in_app": in_app, **others}


def exception(*frames: JsonObject, **others: JsonValue) -> JsonObject:
    stack: JsonObject = {"stacktrace": {"frames": list(frames)}} if frames else {}
    return {"type": "Error", "value": "it broke", **stack, **others}


def event(*exceptions: JsonObject, platform: str = "python", **others: JsonValue) -> JsonObject:
    holder: JsonObject = {"exception": {"values": list(exceptions)}} if exceptions else {}
    return {"platform": platform, **holder, **others}


def hashes(source: JsonObject, rules: GroupingRules = RULES) -> list[str]:
    return [each.value for each in group_event(source, rules).hashes]


def in_app_of(source: JsonObject, rules: GroupingRules = RULES) -> list[bool]:
    return [each.in_app for each in group_event(source, rules).frames]


def group(source: JsonObject, *, stack: str = "", fingerprints: str = "") -> Grouping:
    rules = GroupingRules(stack, fingerprints)
    assert rules.faults == ()
    return group_event(source, rules)
