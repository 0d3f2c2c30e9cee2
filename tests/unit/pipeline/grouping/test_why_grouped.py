"""What is told of a grouping."""

import json
from collections.abc import Iterator
from typing import Any

from inline_snapshot import snapshot

from tests.unit.pipeline.grouping.events import event, exception, frame, group
from vedette.pipeline.grouping import why_grouped

EVENT = event(exception(frame("main"), frame("get", module="lib", in_app=False)))


def told(fingerprints: str = "") -> Any:
    why = why_grouped(group(EVENT, fingerprints=fingerprints))
    assert json.loads(json.dumps(why)) == why
    return why


def outline(part: Any, indent: str = "") -> Iterator[str]:
    texts = " ".join(each for each in part["values"] if isinstance(each, str))
    mark = "+" if part["contributes"] else "-"
    hint = f"({part['hint']})" if part["hint"] else ""
    yield " ".join(each for each in (indent + mark, part["id"], texts, hint) if each)
    for each in part["values"]:
        if not isinstance(each, str):
            yield from outline(each, indent + "  ")


def test_the_parts_are_told_with_the_reason_why_they_do_not_count() -> None:
    assert list(outline(told()["variants"]["app"]["component"])) == snapshot(
        [
            "+ exception",
            "  + type Error",
            "  - value it broke (the stack trace says it)",
            "  + stacktrace",
            "    + frame",
            "      + module shop",
            "      - filename (the module says it)",
            "      + function main",
            "    - frame (not in-app)",
            "      + module lib",
            "      - filename (the module says it)",
            "      + function get",
        ]
    )


def test_hashes_are_told_with_variant_and_version() -> None:
    assert [(each["variant"], each["version"]) for each in told()["hashes"]] == [
        ("app", "vedette:2026-11"),
        ("system", "vedette:2026-11"),
    ]
    assert told()["variants"]["app"]["hash"] == told()["hashes"][0]["hash"]


def test_the_fingerprint_is_told_with_its_rule() -> None:
    assert told("type:Error -> {{ default }}, ours")["fingerprint"] == snapshot(
        {
            "values": ["{{ default }}", "ours"],
            "source": "rule",
            "rule": "type:Error -> {{ default }}, ours",
            "clientValues": [],
        }
    )


def test_frames_are_told_with_who_decided() -> None:
    assert told()["frames"] == snapshot(
        [
            {
                "place": "exception.0",
                "index": 0,
                "inApp": True,
                "decidedBy": "sdk",
                "inGroup": True,
            },
            {
                "place": "exception.0",
                "index": 1,
                "inApp": False,
                "decidedBy": "sdk",
                "inGroup": True,
            },
        ]
    )
