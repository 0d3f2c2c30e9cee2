"""What is told of a grouping."""

import json

from inline_snapshot import snapshot

from tests.unit.pipeline.grouping.events import event, exception, frame, group
from vedette.pipeline.grouping import why_grouped


def test_the_parts_and_decisions_are_told() -> None:
    source = event(exception(frame("main"), frame("get", module="lib", in_app=False)))

    why = why_grouped(group(source, fingerprints="type:Error -> {{ default }}, ours"))
    told = json.loads(json.dumps(why))

    assert told == why
    assert told["fingerprint"] == snapshot(
        {
            "values": ["{{ default }}", "ours"],
            "source": "rule",
            "rule": "type:Error -> {{ default }}, ours",
            "clientValues": [],
        }
    )
    assert told["frames"] == snapshot(
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
    assert told["variants"]["app"] == snapshot(
        {
            "key": "app",
            "hash": "1136a88a3a093f151f83cf588587bbe4",
            "contributes": True,
            "hint": None,
            "component": {
                "id": "app",
                "contributes": True,
                "hint": None,
                "values": [
                    {
                        "id": "exception",
                        "contributes": True,
                        "hint": None,
                        "values": [
                            {"id": "type", "contributes": True, "hint": None, "values": ["Error"]},
                            {
                                "id": "value",
                                "contributes": False,
                                "hint": "the stack trace says it",
                                "values": ["it broke"],
                            },
                            {
                                "id": "stacktrace",
                                "contributes": True,
                                "hint": None,
                                "values": [
                                    {
                                        "id": "frame",
                                        "contributes": True,
                                        "hint": None,
                                        "values": [
                                            {
                                                "id": "module",
                                                "contributes": True,
                                                "hint": None,
                                                "values": ["shop"],
                                            },
                                            {
                                                "id": "filename",
                                                "contributes": False,
                                                "hint": "the module says it",
                                                "values": [""],
                                            },
                                            {
                                                "id": "function",
                                                "contributes": True,
                                                "hint": None,
                                                "values": ["main"],
                                            },
                                        ],
                                    },
                                    {
                                        "id": "frame",
                                        "contributes": False,
                                        "hint": "not in-app",
                                        "values": [
                                            {
                                                "id": "module",
                                                "contributes": True,
                                                "hint": None,
                                                "values": ["lib"],
                                            },
                                            {
                                                "id": "filename",
                                                "contributes": False,
                                                "hint": "the module says it",
                                                "values": [""],
                                            },
                                            {
                                                "id": "function",
                                                "contributes": True,
                                                "hint": None,
                                                "values": ["get"],
                                            },
                                        ],
                                    },
                                ],
                            },
                        ],
                    },
                    {"id": "fingerprint", "contributes": True, "hint": None, "values": ["ours"]},
                ],
            },
        }
    )
