"""A recording that is sent again keeps its shape and changes its times and ids."""

import json

from load.history import move

TRACE, SPAN = "a" * 32, "b" * 16
MASK = bytes(range(16))


def envelope(*items: tuple[str, dict[str, object]]) -> bytes:
    lines = [
        json.dumps({"event_id": TRACE, "dsn": "http://k@127.0.0.1:1/1", "sent_at": "2026-01-01T00:00:00Z"})
    ]
    for kind, payload in items:
        lines += [json.dumps({"type": kind}), json.dumps(payload)]
    return "\n".join(lines).encode()


def test_times_move_and_ids_stay_related() -> None:
    sent = envelope(
        ("transaction", {"trace_id": TRACE, "span_id": SPAN, "start_timestamp": 1795612000.25}),
        ("event", {"trace_id": TRACE, "timestamp": "2026-11-25T13:00:00.5Z"}),
    )

    lines = move(sent, seconds=-3600, mask=MASK).split(b"\n")

    transaction, event = json.loads(lines[2]), json.loads(lines[4])
    assert transaction["start_timestamp"] == 1795608400.25
    assert event["timestamp"] == "2026-11-25T12:00:00.5Z"
    assert transaction["trace_id"] == event["trace_id"] != TRACE
    assert len(transaction["span_id"]) == 16
    assert set(json.loads(lines[0])) == {"event_id"}


def test_replays_and_profiles_stay_behind() -> None:
    assert move(envelope(("profile_chunk", {"chunk_id": TRACE})), seconds=1, mask=MASK) == b""


def test_lengths_are_those_of_the_new_payload() -> None:
    moved = move(envelope(("log", {"items": [{"timestamp": 1795612000.5}]})), seconds=10, mask=MASK)
    _header, kind, payload, _end = moved.split(b"\n")
    assert json.loads(kind)["length"] == len(payload)
