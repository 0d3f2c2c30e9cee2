"""Tell why an event was grouped as it was, in the form of Sentry's grouping information."""

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.nouns import Component, Grouping, Variant


def why_grouped(grouping: Grouping) -> JsonObject:
    """Return the variants by name, each with its tree of parts, and the frames' decisions."""
    fingerprint = grouping.fingerprint
    return {
        "variants": {each.name: _variant(each) for each in grouping.variants},
        "hashes": [
            {"hash": each.value, "variant": each.variant, "version": each.version}
            for each in grouping.hashes
        ],
        "fingerprint": {
            "values": list(fingerprint.values),
            "source": fingerprint.source,
            "rule": fingerprint.rule or None,
            "clientValues": list(fingerprint.client_values),
        },
        "frames": [
            {
                "place": each.place,
                "index": each.position,
                "inApp": each.in_app,
                "decidedBy": each.decided_by,
                "inGroup": each.in_group,
            }
            for each in grouping.frames
        ],
    }


def _variant(variant: Variant) -> JsonObject:
    return {
        "key": variant.name,
        "hash": variant.hash or None,
        "contributes": bool(variant.hash),
        "hint": variant.hint or None,
        "component": _component(variant.component),
    }


def _component(component: Component) -> JsonObject:
    return {
        "id": component.name,
        "contributes": component.contributes,
        "hint": component.hint or None,
        "values": [
            _component(each) if isinstance(each, Component) else each for each in component.values
        ],
    }
