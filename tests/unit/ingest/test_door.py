"""The write door over HTTP, from the request to the journal and the answer."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Coroutine
from typing import Any

import brotli
import httpx
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.ingest.conftest import LIMITS, DoorUnderTest
from vedette.ingest import door_sentry
from vedette.ingest.door import find_target
from vedette.model.category import Category
from vedette.model.outcome import Fate, Reason
from vedette.model.record import RecordKind

EVENT_ID = "0123456789abcdef0123456789abcdef"
EVENT = json.dumps({"event_id": EVENT_ID, "message": "hello"}).encode()
ENVELOPE = json.dumps({"event_id": EVENT_ID}).encode() + b'\n{"type":"event"}\n' + EVENT
PATH = "/api/1/envelope/"
SPAN = {
    "traceId": "0af7651916cd43dd8448eb211c80319c",
    "spanId": "b7ad6b7169203331",
    "name": "a",
    "startTimeUnixNano": "1767225600000000000",
    "endTimeUnixNano": "1767225600000000001",
}
OTLP_JSON = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}).encode()
JSON_TYPE = {"content-type": "application/json"}
GZIP = {"content-encoding": "gzip"}


def run(work: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    return asyncio.run(work)


@pytest.mark.parametrize(
    ("path", "kind", "project"),
    [
        ("/api/1/envelope/", RecordKind.ENVELOPE, "1"),
        ("/api/1/envelope", RecordKind.ENVELOPE, "1"),
        ("//api//1//store//", RecordKind.STORE, "1"),
        ("/api/store/", RecordKind.STORE, None),
        ("/api/1/csp-report/", RecordKind.SECURITY, "1"),
        ("/api/1/unreal/abc/", RecordKind.MINIDUMP, "1"),
        ("/v1/traces", RecordKind.OTLP_TRACES, None),
        ("/v1/logs/", RecordKind.OTLP_LOGS, None),
        ("/v1development/profiles", RecordKind.OTLP_PROFILES, None),
        ("/api/7/otlp/v1/metrics", RecordKind.OTLP_METRICS, "7"),
        ("/api/7/integration/otlp/v1/traces/", RecordKind.OTLP_TRACES, "7"),
    ],
)
def test_a_path_says_what_it_takes(path: str, kind: RecordKind, project: str | None) -> None:
    target = find_target(path)

    assert target is not None
    assert (target.kind, target.project) == (kind, project)


@pytest.mark.parametrize(
    "path", ["/", "/api/0/organizations/", "/api/1/", "/v1/unknown", "/api/1/envelopes/"]
)
def test_other_paths_are_not_the_write_doors_business(path: str) -> None:
    assert find_target(path) is None


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("", bytes),
        ("identity", bytes),
        ("utf-8", bytes),
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
    ],
)
def test_an_envelope_is_answered_when_it_is_in_the_journal(
    door: DoorUnderTest, encoding: str, pack: Any
) -> None:
    headers = door.auth | ({"content-encoding": encoding} if encoding else {})

    answer = run(door.post(PATH, pack(ENVELOPE), headers))

    assert (answer.status_code, answer.json()) == (200, {"id": EVENT_ID})
    (record,) = door.records()
    assert record.body == pack(ENVELOPE), "the journal keeps the body as it came"
    assert (record.meta.project_id, record.meta.key_id) == (1, door.first.key.key_id)


def test_an_event_without_id_is_given_one_that_the_journal_knows(door: DoorUnderTest) -> None:
    answer = run(door.post(PATH, b'{}\n{"type":"event"}\n{"message":"x"}', door.auth))

    (record,) = door.records()
    assert record.meta.parameters == {"event_id": answer.json()["id"]}


def test_an_envelope_without_an_event_has_no_id(door: DoorUnderTest) -> None:
    answer = run(door.post(PATH, b'{}\n{"type":"client_report"}\n{}', door.auth))

    assert (answer.status_code, answer.json()) == (200, {})


def test_unknown_items_are_taken_in(door: DoorUnderTest) -> None:
    assert run(door.post(PATH, b'{}\n{"type":"from_the_future"}\n{}', door.auth)).status_code == 200


def test_the_dsn_inside_the_envelope_is_enough(door: DoorUnderTest) -> None:
    header = json.dumps({"dsn": f"http://{door.key}@elsewhere/1"}).encode()

    assert run(door.post(PATH, header + b'\n{"type":"event"}\n{}')).status_code == 200
    assert (
        run(
            door.post(PATH, gzip.compress(header + b"\n"), {"content-encoding": "gzip"})
        ).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param(PATH, {}, 401, id="no key"),
        pytest.param(PATH, {"x-vedette-key": "f" * 32}, 403, id="unknown key"),
        pytest.param(PATH, {"x-vedette-key": "nonsense"}, 401, id="no key at all"),
        pytest.param("/api/2/envelope/", {"x-vedette-key": "KEY"}, 403, id="another project"),
        pytest.param(
            PATH, {"x-vedette-key": "KEY", "content-encoding": "rot13"}, 415, id="encoding"
        ),
    ],
)
def test_strangers_are_refused(
    door: DoorUnderTest, path: str, headers: dict[str, str], status: int
) -> None:
    told = {name: value.replace("KEY", door.key) for name, value in headers.items()}

    answer = run(door.post(path, ENVELOPE, told))

    assert answer.status_code == status
    assert answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert door.records() == []


def test_a_dsn_that_contradicts_the_request_is_refused(door: DoorUnderTest) -> None:
    header = json.dumps({"dsn": f"http://{'f' * 32}@elsewhere/1"}).encode()

    assert run(door.post(PATH, header + b"\n", door.auth)).status_code == 400


def test_a_key_made_elsewhere_is_known_a_moment_later(door: DoorUnderTest) -> None:
    headers = {"x-vedette-key": "9" * 32}
    assert run(door.post(PATH, ENVELOPE, headers)).status_code == 403

    door.metadata.create_key(project_id=1, public_key="9" * 32, label="new", created_ns=0)
    door.clock.move(2)

    assert run(door.post(PATH, ENVELOPE, headers)).status_code == 200


@pytest.mark.parametrize(
    ("body", "headers", "status", "reason"),
    [
        pytest.param(b"", {}, 400, Reason.UNREADABLE, id="empty"),
        pytest.param(b"not an envelope", {}, 400, Reason.UNREADABLE, id="rubbish"),
        pytest.param(
            b"\x00" * 50, {"content-encoding": "gzip"}, 400, Reason.UNREADABLE, id="no gzip"
        ),
        pytest.param(b"x" * 300_000, {}, 413, Reason.TOO_LARGE, id="large on the wire"),
        pytest.param(
            gzip.compress(b"x" * 2_000_000),
            {"content-encoding": "gzip"},
            413,
            Reason.TOO_LARGE,
            id="bomb",
        ),
    ],
)
def test_bad_bodies_are_refused_and_counted(
    door: DoorUnderTest, body: bytes, headers: dict[str, str], status: int, reason: str
) -> None:
    answer = run(door.post(PATH, body, door.auth | headers))

    assert answer.status_code == status
    (outcome,) = door.tools.tally.take()
    assert (outcome.fate, outcome.reason, outcome.project_id) == (Fate.INVALID, reason, 1)
    assert door.tools.budget.taken == 0, "what was held is given back"


def test_over_quota_items_are_refused_and_the_others_kept(door: DoorUnderTest) -> None:
    door.metadata.set_quota(
        project_id=1, key_id=None, category=Category.ERROR, item_count_max=1, window_s=60
    )
    door.refresh_keys()
    body = ENVELOPE + b'\n{"type":"client_report"}\n{}'

    first, second = run(door.post(PATH, body, door.auth)), run(door.post(PATH, body, door.auth))

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.headers["x-sentry-rate-limits"].endswith(":error:project:over_quota")
    assert int(second.headers["retry-after"]) > 0
    assert [record.meta.skipped_items for record in door.records()] == [(), (0,)]
    assert [each.reason for each in door.tools.tally.take()] == [Reason.OVER_QUOTA]


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        pytest.param(PATH, ENVELOPE, {}, id="envelope"),
        pytest.param("/api/1/store/", EVENT, {}, id="store"),
        pytest.param("/api/1/security/", b'{"csp-report":{}}', {}, id="security"),
        pytest.param("/v1/traces", OTLP_JSON, JSON_TYPE, id="otlp"),
    ],
)
def test_the_journal_is_told_what_a_packed_body_takes(
    door: DoorUnderTest, path: str, body: bytes, headers: dict[str, str]
) -> None:
    body += b" " * 50_000
    packed = door.auth | headers | GZIP

    assert run(door.post(path, gzip.compress(body), packed)).status_code == 200
    (record,) = door.records()
    unpacked = len(record.body) if path.startswith("/v1") else len(body)
    assert record.meta.unpacked_bytes >= unpacked


def test_a_body_of_too_many_items_is_refused_and_each_is_counted(door: DoorUnderTest) -> None:
    count = 300_000
    body = b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}' + b",{}" * (count - 1) + b"]}]}]}"

    answer = run(door.post("/v1/logs", gzip.compress(body), door.auth | JSON_TYPE | GZIP))

    assert answer.status_code == 413
    assert "300000 items are too many" in answer.json()["message"]
    (outcome,) = door.tools.tally.take()
    assert (outcome.category, outcome.fate) == (Category.LOG_ITEM, Fate.INVALID)
    assert (outcome.reason, outcome.quantity) == (Reason.TOO_LARGE, count)
    assert door.records() == []


def test_containers_that_are_too_large_together_are_refused(
    door: DoorUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(door_sentry.ITEM_BYTES_MAX, "log", 1_000)
    container = b'\n{"type":"log","length":600}\n' + b" " * 600

    assert run(door.post(PATH, b"{}" + container, door.auth)).status_code == 200
    answer = run(door.post(PATH, b"{}" + container * 2, door.auth))

    assert answer.status_code == 413
    assert "items of type log are larger than 1000 bytes" in answer.json()["detail"]
    (outcome,) = door.tools.tally.take()
    assert (outcome.category, outcome.reason) == (Category.LOG_ITEM, Reason.TOO_LARGE)


def test_nothing_that_was_sent_ends_a_header_line(door: DoorUnderTest) -> None:
    answer = run(door.ask("POST", "/v1/%0d%0aset-cookie:%20a=b%00", b"", door.auth))

    assert answer.status_code == 404
    assert answer.headers["x-sentry-error"] == "nothing is taken in at /v1/??set-cookie: a=b?"


def test_store_security_and_minidumps_are_taken_in(door: DoorUnderTest) -> None:
    report = b'{"csp-report":{"blocked-uri":"inline"}}'
    kinds = [
        run(door.post("/api/1/store/", EVENT, door.auth)),
        run(door.post(f"/api/1/security/?sentry_key={door.key}&sentry_release=9", report)),
        run(door.post("/api/1/minidump/", b"MDMP", door.auth)),
    ]

    assert [each.status_code for each in kinds] == [200, 200, 200]
    assert kinds[0].json() == {"id": EVENT_ID}
    records = door.records()
    assert [each.meta.kind for each in records] == ["store", "security", "minidump"]
    assert records[1].meta.parameters["sentry_release"] == "9"


def test_a_store_body_that_is_no_event_is_refused(door: DoorUnderTest) -> None:
    assert run(door.post("/api/1/store/", b"[1]", door.auth)).status_code == 400


def test_otlp_needs_no_key_from_this_machine_alone(door: DoorUnderTest) -> None:
    near = run(door.post("/v1/traces", OTLP_JSON, JSON_TYPE, peer="127.0.0.1"))
    far = run(door.post("/v1/traces", OTLP_JSON, JSON_TYPE))
    proxied = run(
        door.post(
            "/v1/traces", OTLP_JSON, JSON_TYPE | {"x-forwarded-for": "127.0.0.1"}, peer="127.0.0.1"
        )
    )

    assert [near.status_code, far.status_code, proxied.status_code] == [200, 401, 401]
    assert (near.json(), far.json()["code"]) == ({}, 16)
    assert len(door.records()) == 1


def test_otlp_says_how_many_spans_it_will_not_keep(door: DoorUnderTest) -> None:
    body = json.dumps(
        {"resourceSpans": [{"scopeSpans": [{"spans": [SPAN, SPAN | {"traceId": ""}]}]}]}
    ).encode()

    answer = run(door.post("/v1/traces", body, door.auth | JSON_TYPE))

    assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"{", JSON_TYPE, 400, id="broken JSON"),
        pytest.param(
            b"\xff\xff", {"content-type": "application/x-protobuf"}, 400, id="broken protobuf"
        ),
        pytest.param(b"", {"content-type": "text/plain"}, 415, id="another type"),
        pytest.param(
            b"",
            {"content-type": "application/x-protobuf", "content-encoding": "rot13"},
            415,
            id="another encoding",
        ),
        pytest.param(
            zstandard.compress(b"\x0a" * 3_000_000),
            {"content-type": "application/x-protobuf", "content-encoding": "zstd"},
            413,
            id="bomb",
        ),
    ],
)
def test_bad_otlp_is_answered_in_its_own_words(
    door: DoorUnderTest, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = run(door.post("/v1/traces", body, door.auth | headers))

    assert answer.status_code == status
    if headers == JSON_TYPE:
        assert answer.json()["code"] == 3
    else:
        assert answer.content.startswith(b"\x08\x03"), "google.rpc.Status with INVALID_ARGUMENT"


def test_a_key_that_is_none_is_refused_in_the_words_of_otlp(door: DoorUnderTest) -> None:
    answer = run(door.post("/v1/traces", b"{}", JSON_TYPE | {"x-sentry-auth": "Sentry no=key"}))

    assert answer.status_code == 401
    assert answer.json()["code"] == 16


def test_an_empty_otlp_body_is_a_success(door: DoorUnderTest) -> None:
    answer = run(
        door.post("/v1/metrics", b"", door.auth | {"content-type": "application/x-protobuf"})
    )

    assert (answer.status_code, answer.content) == (200, b"")


def test_browsers_may_ask_first_and_see_the_limits(door: DoorUnderTest) -> None:
    answer = run(door.ask("OPTIONS", PATH))

    assert answer.status_code == 200
    assert "x-sentry-rate-limits" in answer.headers["access-control-expose-headers"]
    assert "x-sentry-auth" in answer.headers["access-control-allow-headers"]


def test_other_methods_are_not_allowed(door: DoorUnderTest) -> None:
    assert run(door.ask("DELETE", PATH)).status_code == 405
    assert run(door.ask("GET", "/api/1/store/")).headers["content-type"] == "image/gif"


def test_the_door_closes_while_digesting_is_too_far_behind(door: DoorUnderTest) -> None:
    run(door.post(PATH, ENVELOPE, door.auth))
    door.clock.move(901)
    door.tools.watch.look()

    answer = run(door.post(PATH, ENVELOPE, door.auth))

    assert answer.status_code == 503
    assert "behind" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "10"


def test_a_full_journal_is_answered_with_a_time_to_come_back(door: DoorUnderTest) -> None:
    door.journal.close()

    answer = run(door.post(PATH, ENVELOPE, door.auth))

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["", "gzip", "deflate", "br", "zstd"]))
def test_no_body_makes_the_door_fail(door: DoorUnderTest, body: bytes, encoding: str) -> None:
    headers = door.auth | ({"content-encoding": encoding} if encoding else {})

    for path in (PATH, "/api/1/store/", "/api/1/security/"):
        assert run(door.post(path, body, headers)).status_code in (200, 400, 413)
    otlp = headers | {"content-type": "application/x-protobuf"}
    assert run(door.post("/v1/logs", body, otlp)).status_code in (200, 400, 413)
    assert door.tools.budget.taken == 0


def test_the_caps_of_these_tests_are_the_ones_of_the_door() -> None:
    assert LIMITS.packed_bytes_max < LIMITS.unpacked_bytes_max
