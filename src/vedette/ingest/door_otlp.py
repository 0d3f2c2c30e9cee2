"""What OTLP bodies need at the door: one cheap walk that counts and finds faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.ingest.door_tools import FULL_RETRY_S, DoorTools, retry_after_s
from vedette.ingest.http_answer import JSON, PROTOBUF, HttpAnswer
from vedette.ingest.quota_gate import Limit, rate_limit_header
from vedette.ingest.request_body import INLINE_BYTES_MAX
from vedette.model.category import Category
from vedette.model.outcome import Fate, Reason
from vedette.model.project import ProjectKey
from vedette.model.record import RecordKind, RecordMeta
from vedette.native import Malformed, TooLarge, otlp_count, otlp_from_json, unpack
from vedette.protocols.json_text import write_json
from vedette.storage.journal.port import JournalError

SIGNAL_OF_KIND: Final = {
    RecordKind.OTLP_TRACES: "traces",
    RecordKind.OTLP_LOGS: "logs",
    RecordKind.OTLP_METRICS: "metrics",
    RecordKind.OTLP_PROFILES: "profiles",
}
CATEGORY_OF_KIND: Final = {
    RecordKind.OTLP_TRACES: Category.SPAN,
    RecordKind.OTLP_LOGS: Category.LOG_ITEM,
    RecordKind.OTLP_METRICS: Category.TRACE_METRIC,
    RecordKind.OTLP_PROFILES: Category.PROFILE_CHUNK,
}

ITEM_BYTES_USUAL: Final = 700
"""Of a span with some twenty attributes; other items are smaller."""

ITEM_COUNT_MAX: Final = 250_000
"""Of one body: more than its bytes can hold of honest items. An empty item takes two bytes on the
wire, a few when packed, and a whole row when it is digested."""

# The numbers of google.rpc.Code.
INVALID_ARGUMENT: Final = 3
RESOURCE_EXHAUSTED: Final = 8
UNAVAILABLE: Final = 14
UNAUTHENTICATED: Final = 16
_HTTP_STATUS_OF_CODE: Final = {
    INVALID_ARGUMENT: 400,
    RESOURCE_EXHAUSTED: 429,
    UNAVAILABLE: 503,
    UNAUTHENTICATED: 401,
}


@dataclass(frozen=True, slots=True)
class OtlpRequest:
    """An OTLP body and what came with it."""

    kind: RecordKind
    key: ProjectKey
    data: bytes
    encoding: str
    is_json: bool
    client_address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class _Opened:
    """A body as it goes to the journal, and what was found in it."""

    body: bytes
    encoding: str
    count: int
    faulty: int = 0
    unpacked_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a body is not taken, in OTLP's words."""

    code: int
    why: str
    retry_after_s: int | None = None
    status: int | None = None
    """The HTTP status when it is not the usual one of the code."""
    limit: Limit | None = None
    """The quota that is spent, if that is why."""


async def take_in(request: OtlpRequest, tools: DoorTools) -> HttpAnswer:
    """The road of an OTLP body through the door: open, admit, journal, answer."""
    if tools.watch.why_closed:
        return tell(Refusal(UNAVAILABLE, tools.watch.why_closed, FULL_RETRY_S), request)
    try:
        opened = await tools.heavy.run(
            lambda: _open(request, tools.limits.unpacked_bytes_max),
            is_light=len(request.data) <= INLINE_BYTES_MAX and not request.encoding,
        )
    except TooLarge:
        tools.count(request.key, Category.UNKNOWN, Fate.INVALID, Reason.TOO_LARGE)
        cap = tools.limits.unpacked_bytes_max
        return tell(
            Refusal(INVALID_ARGUMENT, f"body unpacks to more than {cap} bytes", None, 413), request
        )
    except Malformed as error:
        tools.count(request.key, CATEGORY_OF_KIND[request.kind], Fate.INVALID, Reason.UNREADABLE)
        return tell(Refusal(INVALID_ARGUMENT, f"cannot read the body: {error}"), request)
    refusal = admit(request.key, request.kind, opened.count, tools)
    if refusal is not None:
        headers = (
            {"x-sentry-rate-limits": rate_limit_header([refusal.limit])} if refusal.limit else None
        )
        return tell(refusal, request, headers)
    now_ns = tools.clock.now_ns()
    meta = make_meta(request, opened.encoding, opened.count, opened.unpacked_bytes, now_ns)
    try:
        await tools.journal.append(meta, opened.body)
    except JournalError as error:
        return tell(Refusal(UNAVAILABLE, str(error), retry_after_s(error)), request)
    return _success(request, opened.faulty)


def admit(key: ProjectKey, kind: RecordKind, count: int, tools: DoorTools) -> Refusal | None:
    """Hold a body of `count` items against the cap and the quotas; say why it may not come in."""
    category = CATEGORY_OF_KIND[kind]
    if count > ITEM_COUNT_MAX:
        tools.count(key, category, Fate.INVALID, Reason.TOO_LARGE, count)
        why = f"{count} items are too many for one body: {ITEM_COUNT_MAX} at most"
        return Refusal(INVALID_ARGUMENT, why, None, 413)
    limit = tools.let_in(key, {category: max(count, 1)}).get(category)
    if limit is None:
        return None
    why = "over the quota of this project"
    return Refusal(RESOURCE_EXHAUSTED, why, limit.retry_after_s, limit=limit)


def make_meta(
    request: OtlpRequest, encoding: str, count: int, unpacked_bytes: int, received_ns: int
) -> RecordMeta:
    """Return what the journal keeps beside the body."""
    return RecordMeta(
        kind=request.kind,
        project_id=request.key.project_id,
        key_id=request.key.key_id,
        received_ns=received_ns,
        encoding=encoding,
        client_address=request.client_address,
        user_agent=request.user_agent[:512],
        # Many small items take their rows, few large ones their own bytes.
        unpacked_bytes=max(count * ITEM_BYTES_USUAL, unpacked_bytes),
    )


def _open(request: OtlpRequest, byte_count_max: int) -> _Opened:
    signal = SIGNAL_OF_KIND[request.kind]
    body, encoding = request.data, request.encoding
    if signal == "profiles":
        # Kept off the tables for now: its outcome says so. Unpacking still proves it is no bomb.
        unpack(body, encoding, byte_count_max)
        return _Opened(body, encoding, 1)
    if request.is_json:
        # One form from here on, so that there is one decoder.
        body = otlp_from_json(unpack(body, encoding, byte_count_max), signal)
        encoding = ""
    return _Opened(body, encoding, *otlp_count(body, encoding, signal, byte_count_max))


def _success(request: OtlpRequest, faulty: int) -> HttpAnswer:
    if not faulty:
        return HttpAnswer(200, b"{}" if request.is_json else b"", _content_type(request))
    why = f"{faulty} items have no valid id or time and are not kept"
    if request.is_json:
        rejected = {
            RecordKind.OTLP_TRACES: "rejectedSpans",
            RecordKind.OTLP_LOGS: "rejectedLogRecords",
            RecordKind.OTLP_METRICS: "rejectedDataPoints",
        }.get(request.kind, "rejectedProfiles")
        body = write_json({"partialSuccess": {rejected: str(faulty), "errorMessage": why}})
        return HttpAnswer(200, body, JSON)
    return HttpAnswer(200, partial_success(faulty, why), PROTOBUF)


def partial_success(faulty: int, why: str) -> bytes:
    """Write an Export…ServiceResponse: all four have the same shape."""
    inside = b"\x08" + _varint(faulty) + b"\x12" + _sized(why.encode())
    return b"\x0a" + _sized(inside)


def tell(
    refusal: Refusal, request: OtlpRequest, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """Answer an error as google.rpc.Status, in the encoding of the request."""
    return tell_plain(refusal, is_json=request.is_json, headers=headers)


def tell_plain(
    refusal: Refusal, *, is_json: bool, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """Answer an error as google.rpc.Status."""
    if is_json:
        body = write_json({"code": refusal.code, "message": refusal.why})
    else:
        body = b"\x08" + _varint(refusal.code) + b"\x12" + _sized(refusal.why.encode())
    status = refusal.status or _HTTP_STATUS_OF_CODE[refusal.code]
    more = dict(headers or {})
    if refusal.retry_after_s is not None:
        more["retry-after"] = str(refusal.retry_after_s)
    return HttpAnswer(status, body, JSON if is_json else PROTOBUF, more)


def _content_type(request: OtlpRequest) -> str:
    return JSON if request.is_json else PROTOBUF


def _sized(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 1 << 7:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
