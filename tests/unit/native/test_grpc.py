"""The gRPC door, as real exporters and hand-made calls meet it."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from vedette import native

MEBIBYTE = 1024 * 1024
TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PROFILES = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export"
HEALTH = "/grpc.health.v1.Health/Check"
CALL_S = 30
Verdict = tuple[bool, int, bytes, str, float]
LET_IN: Verdict = (True, 0, b"who", "", 0.0)


@dataclass
class Door:
    """Answers as it was told, and remembers what it was asked."""

    verdict: Verdict = LET_IN
    asked: list[tuple[str, dict[str, str], str, int, int]] = field(default_factory=list)
    spoiled: list[tuple[str, str, str, str]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def admit(
        self, signal: str, metadata: dict[str, str], peer: str, item_count: int, byte_count: int
    ) -> Verdict:
        self.asked.append((signal, metadata, peer, item_count, byte_count))
        self.before()
        return self.verdict

    def turned_away(
        self, signal: str, metadata: dict[str, str], peer_address: str, reason: str
    ) -> None:
        self.spoiled.append((signal, metadata["user-agent"][:4], peer_address, reason))


def serve(journal: native.Journal, door: Door) -> native.GrpcServer:
    listener = native.GrpcListener("127.0.0.1", 0)
    return native.GrpcServer(
        listener, journal, door.admit, door.turned_away, MEBIBYTE, 8 * MEBIBYTE
    )


def open_journal(folder: Path, *, bytes_max: int = 1024 * MEBIBYTE) -> native.Journal:
    return native.Journal(str(folder), bytes_max, 64 * MEBIBYTE, 0, 4 * MEBIBYTE)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[native.Journal]:
    opened = open_journal(tmp_path / "journal")
    yield opened
    opened.close()


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def server(journal: native.Journal, door: Door) -> Iterator[native.GrpcServer]:
    running = serve(journal, door)
    yield running
    running.stop(0.0)


@pytest.fixture
def channel(server: native.GrpcServer) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as opened:
        yield opened


def call(
    channel: grpc.Channel,
    body: bytes,
    path: str = TRACES,
    *,
    compression: grpc.Compression | None = None,
    metadata: tuple[tuple[str, str], ...] = (),
) -> bytes:
    answer: bytes = channel.unary_unary(path)(
        body, timeout=CALL_S, compression=compression, metadata=metadata, wait_for_ready=True
    )
    return answer


def refusal_of(
    channel: grpc.Channel, body: bytes, path: str = TRACES, **options: grpc.Compression
) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as refused:
        call(channel, body, path, **options)
    return refused.value


def retry_s_of(error: grpc.RpcError) -> float | None:
    details = dict(error.trailing_metadata()).get("grpc-status-details-bin")
    if details is None:
        return None
    status = Status.FromString(details)
    assert (status.code, status.message) == (error.code().value[0], error.details())
    retry = RetryInfo()
    assert status.details[0].Unpack(retry)
    return float(retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9)


def bodies(journal: native.Journal) -> list[bytes]:
    return [body for _, _, body in journal.read(0, 1_000, 1024 * MEBIBYTE, 0.0)]


def request(span_count: int, *, name: str = "span", has_ids: bool = True) -> bytes:
    message = ExportTraceServiceRequest()
    spans = message.resource_spans.add().scope_spans.add().spans
    for number in range(span_count):
        ids = (number + 1).to_bytes(16), (number + 1).to_bytes(8)
        trace_id, span_id = ids if has_ids else (b"", b"")
        spans.add(name=name, trace_id=trace_id, span_id=span_id)
    written: bytes = message.SerializeToString()
    return written


@pytest.mark.parametrize("compression", [None, grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_spans_of_an_exporter_are_in_the_journal_when_it_is_answered(
    server: native.GrpcServer, journal: native.Journal, compression: grpc.Compression | None
) -> None:
    exporter = OTLPSpanExporter(
        endpoint=f"http://127.0.0.1:{server.port}", insecure=True, compression=compression
    )
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    provider.get_tracer("test").start_span("one").end()

    [(sequence, meta, body)] = journal.read(0, 10, MEBIBYTE, 0.0)
    message = ExportTraceServiceRequest.FromString(body)
    assert (sequence, meta) == (1, b"who")
    assert message.resource_spans[0].scope_spans[0].spans[0].name == "one"
    provider.shutdown()


def test_logs_of_an_exporter_arrive(server: native.GrpcServer, journal: native.Journal) -> None:
    exporter = OTLPLogExporter(endpoint=f"http://127.0.0.1:{server.port}", insecure=True)
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))

    provider.get_logger("test").emit(body="hello")

    [body] = bodies(journal)
    message = ExportLogsServiceRequest.FromString(body)
    assert message.resource_logs[0].scope_logs[0].log_records[0].body.string_value == "hello"
    provider.shutdown()


def test_metrics_of_an_exporter_arrive(server: native.GrpcServer, journal: native.Journal) -> None:
    exporter = OTLPMetricExporter(endpoint=f"http://127.0.0.1:{server.port}", insecure=True)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=float("inf"))
    provider = MeterProvider(metric_readers=[reader], shutdown_on_exit=False)

    provider.get_meter("test").create_counter("orders").add(1)
    provider.force_flush()

    message = ExportMetricsServiceRequest.FromString(bodies(journal)[0])
    assert message.resource_metrics[0].scope_metrics[0].metrics[0].name == "orders"
    provider.shutdown()


def test_profiles_are_taken_as_they_are(channel: grpc.Channel, journal: native.Journal) -> None:
    assert call(channel, b"anything", PROFILES) == b""
    assert bodies(journal) == [b"anything"]


def test_the_door_is_told_who_sends_and_how_much(channel: grpc.Channel, door: Door) -> None:
    body = request(3)

    call(channel, body, metadata=(("x-sentry-auth", "Sentry sentry_key=abc"),))

    [(signal, metadata, peer, item_count, byte_count)] = door.asked
    assert (signal, peer, item_count, byte_count) == ("traces", "127.0.0.1", 3, len(body))
    assert metadata["x-sentry-auth"] == "Sentry sentry_key=abc"
    assert metadata["user-agent"].startswith("grpc-python/")


def test_what_will_not_be_kept_is_told_as_a_partial_success(channel: grpc.Channel) -> None:
    answer = ExportTraceServiceResponse.FromString(call(channel, request(2, has_ids=False)))

    assert answer.partial_success.rejected_spans == 2
    assert "2 items" in answer.partial_success.error_message


def test_every_one_of_many_calls_is_written_once(
    channel: grpc.Channel, journal: native.Journal
) -> None:
    sent = [request(2, name=f"call {number}") for number in range(200)]
    export = channel.unary_unary(TRACES)

    waiting = [export.future(body, timeout=CALL_S, wait_for_ready=True) for body in sent]

    assert {each.result() for each in waiting} == {b""}
    assert sorted(bodies(journal)) == sorted(sent)


@pytest.mark.parametrize(
    ("code", "retry_s"),
    [
        pytest.param(grpc.StatusCode.RESOURCE_EXHAUSTED, 7.0, id="over quota"),
        pytest.param(grpc.StatusCode.UNAVAILABLE, 0.25, id="closed for now"),
        pytest.param(grpc.StatusCode.UNAUTHENTICATED, None, id="unknown key"),
    ],
)
def test_a_refusal_says_why_and_when_to_try_again(
    channel: grpc.Channel,
    journal: native.Journal,
    door: Door,
    code: grpc.StatusCode,
    retry_s: float | None,
) -> None:
    door.verdict = (False, code.value[0], b"", "no: 100 % über", retry_s or 0.0)

    error = refusal_of(channel, request(1))

    assert (error.code(), error.details()) == (code, "no: 100 % über")
    assert retry_s_of(error) == retry_s
    assert bodies(journal) == []


def test_a_full_journal_asks_to_try_again(tmp_path: Path, door: Door) -> None:
    journal = open_journal(tmp_path / "small", bytes_max=10)
    server = serve(journal, door)
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        error = refusal_of(channel, request(1))
        journal.close()
        closed = refusal_of(channel, request(1))
    server.stop(1.0)

    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert "undigested bytes" in (error.details() or "")
    assert retry_s_of(error) == 10.0
    assert closed.code() is grpc.StatusCode.UNAVAILABLE


def test_wrong_bytes_are_refused_with_their_place(
    channel: grpc.Channel, journal: native.Journal, door: Door
) -> None:
    error = refusal_of(channel, request(1) + b"\x0a\xff\xff\xff\x7f")

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert re.search(r"cannot read the message: .*\d", error.details() or "")
    assert door.asked == []
    assert bodies(journal) == []


def test_a_message_that_is_too_large_is_refused_and_not_sent_again(
    channel: grpc.Channel, door: Door
) -> None:
    error = refusal_of(channel, request(1, name="x" * 2 * MEBIBYTE))

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "too large" in (error.details() or "")
    assert door.asked == []


def test_a_connection_is_good_after_a_refusal(channel: grpc.Channel) -> None:
    refusal_of(channel, request(1, name="x" * 2 * MEBIBYTE))
    refusal_of(channel, b"\xff")

    assert call(channel, request(1)) == b""


SEND_BOMB = """
import sys
import grpc

with grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}") as channel:
    try:
        channel.unary_unary(sys.argv[2])(
            bytes(256 * 1024 * 1024), timeout=60, compression=grpc.Compression.Gzip
        )
    except grpc.RpcError as error:
        print(error.code().name, error.details())
"""


def test_a_bomb_is_refused_within_bounded_memory(server: native.GrpcServer, door: Door) -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = peak_bytes()

    sender = subprocess.run(
        [sys.executable, "-c", SEND_BOMB, str(server.port), TRACES],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "GRPC_VERBOSITY": "NONE"},
    )

    assert sender.stdout.startswith("INVALID_ARGUMENT the body takes more than 8388608 bytes")
    assert door.asked == []
    assert peak_bytes() - before < 64 * MEBIBYTE


def peak_bytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def test_an_unknown_service_is_unimplemented(channel: grpc.Channel) -> None:
    error = refusal_of(channel, b"", "/some.Service/Method")

    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


def test_health_checks_are_answered(channel: grpc.Channel) -> None:
    # A HealthCheckResponse with status SERVING.
    assert call(channel, b"", HEALTH) == b"\x08\x01"


def test_a_door_that_fails_harms_only_its_call(
    channel: grpc.Channel, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda failed: told.append(str(failed.exc_value)))

    def fail() -> None:
        raise RuntimeError("broken door")

    door.before = fail
    error = refusal_of(channel, request(1))
    door.before = lambda: None

    assert error.code() is grpc.StatusCode.INTERNAL
    assert told == ["broken door"]
    assert call(channel, request(1)) == b""


def test_stopping_finishes_what_was_begun(
    server: native.GrpcServer, channel: grpc.Channel, journal: native.Journal, door: Door
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        entered.set()
        assert go_on.wait(CALL_S)

    door.before = wait
    begun = channel.unary_unary(TRACES).future(request(1), timeout=CALL_S, wait_for_ready=True)
    assert entered.wait(CALL_S)
    stopping = threading.Thread(target=server.stop, args=(CALL_S,))
    stopping.start()
    go_on.set()

    assert begun.result() == b""
    stopping.join(CALL_S)
    assert not stopping.is_alive()
    assert len(bodies(journal)) == 1


def test_a_stopped_server_takes_nothing(server: native.GrpcServer) -> None:
    port = server.port
    server.stop(0.0)
    server.stop(0.0)

    with (
        grpc.insecure_channel(f"127.0.0.1:{port}") as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        channel.unary_unary(TRACES)(request(1), timeout=CALL_S)

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_port_that_is_taken_is_an_error(server: native.GrpcServer) -> None:
    with pytest.raises(OSError, match="in use"):
        native.GrpcListener("127.0.0.1", server.port)


def test_a_port_is_held_from_the_listener_on_and_given_to_one_server(
    journal: native.Journal, door: Door
) -> None:
    listener = native.GrpcListener("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        native.GrpcListener("127.0.0.1", listener.port)

    first = native.GrpcServer(listener, journal, door.admit, door.turned_away, 10, 10)
    with pytest.raises(ValueError, match="in use"):
        native.GrpcServer(listener, journal, door.admit, door.turned_away, 10, 10)

    assert first.port == listener.port
    first.stop(0.0)
    native.GrpcListener("127.0.0.1", listener.port).close()


@pytest.mark.parametrize(
    ("body", "compression", "reason"),
    [
        pytest.param(b"\x0a\xff\xff\xff\x7f", None, "unreadable", id="malformed"),
        pytest.param(b"x" * (MEBIBYTE + 1), None, "too_large", id="large"),
        pytest.param(b"x" * (9 * MEBIBYTE), grpc.Compression.Gzip, "too_large", id="bomb"),
    ],
)
def test_what_is_refused_unasked_is_told(
    channel: grpc.Channel,
    door: Door,
    body: bytes,
    compression: grpc.Compression | None,
    reason: str,
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        call(channel, body, compression=compression)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert door.asked == []
    assert door.spoiled == [("traces", "grpc", "127.0.0.1", reason)]
