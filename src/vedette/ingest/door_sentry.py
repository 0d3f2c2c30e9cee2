"""What bodies of the Sentry protocol need at the door: framing, ids, caps, quotas per item."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vedette.ingest.door_tools import FULL_RETRY_S, DoorTools, retry_after_s
from vedette.ingest.http_answer import HttpAnswer, refused, said
from vedette.ingest.quota_gate import Limit, rate_limit_header
from vedette.ingest.request_body import INLINE_BYTES_MAX
from vedette.model.category import Category, category_of
from vedette.model.json_value import JsonObject
from vedette.model.outcome import Fate, Reason
from vedette.model.project import ProjectKey
from vedette.model.record import RecordKind, RecordMeta
from vedette.native import Malformed, TooLarge, unpack
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.sentry_auth import DsnParts, read_dsn
from vedette.protocols.sentry_envelope import Envelope, EnvelopeItem, read_envelope
from vedette.protocols.sentry_event import read_event_id
from vedette.storage.journal.port import JournalError

MIB: Final = 1024 * 1024

ITEM_BYTES_MAX: Final = {
    "event": 20 * MIB,
    "transaction": 20 * MIB,
    "feedback": 20 * MIB,
    "span": 12 * MIB,
    "log": 12 * MIB,
    "trace_metric": 12 * MIB,
    "session": 10 * MIB,
    "sessions": 10 * MIB,
    "client_report": MIB,
    "check_in": MIB,
    "profile": 50 * MIB,
    "profile_chunk": 50 * MIB,
    "replay_recording": 10 * MIB,
    "attachment": 100 * MIB,
}
"""Of all items of a type in an envelope; SDKs send one container of each. Sentry's own caps, but
wider where self-hosters raise them: 1,000 rich spans pass 1 MiB."""

ITEM_COUNT_BELIEVED_MAX: Final = 1_000_000
"""What a container may say of itself; its items are counted again when they are decoded."""

MAKES_EVENT_ID: Final = ("event", "transaction", "feedback", "attachment", "user_report")


@dataclass(frozen=True, slots=True)
class SentryRequest:
    """A body of the Sentry protocol and what came with it."""

    kind: RecordKind
    key: ProjectKey
    data: bytes
    encoding: str
    client_address: str
    user_agent: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the door must know of a body before it lets it in."""

    event_id: str | None
    asked: Mapping[Category, int]
    items: Sequence[EnvelopeItem] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    unpacked_bytes: int = 0


async def take_in(request: SentryRequest, tools: DoorTools) -> HttpAnswer:
    """The road of a Sentry body through the door: open, admit, journal, answer."""
    if tools.watch.why_closed:
        return refused(503, tools.watch.why_closed, headers={"retry-after": str(FULL_RETRY_S)})
    opened = await _open(request, tools)
    if isinstance(opened, HttpAnswer):
        return opened
    limited = tools.let_in(request.key, opened.asked)
    headers = _limit_headers(limited)
    answer = said({"id": opened.event_id} if opened.event_id else {}, headers=headers)
    if limited:
        answer = refused(429, "rejected by a quota of this project", headers=headers)
    if len(limited) == len(opened.asked) and limited:
        return answer
    meta = RecordMeta(
        kind=request.kind,
        project_id=request.key.project_id,
        key_id=request.key.key_id,
        received_ns=tools.clock.now_ns(),
        encoding=request.encoding,
        client_address=request.client_address,
        user_agent=request.user_agent[:512],
        skipped_items=_skipped(opened.items, limited),
        parameters={**request.parameters, **opened.parameters},
        unpacked_bytes=opened.unpacked_bytes,
    )
    try:
        await tools.journal.append(meta, request.data)
    except JournalError as error:
        return refused(503, str(error), headers={"retry-after": str(retry_after_s(error))})
    return answer


async def _open(request: SentryRequest, tools: DoorTools) -> _Opened | HttpAnswer:
    """Unpack and read; a body that is or becomes large on a thread, so that nobody waits for it."""
    cap = tools.limits.unpacked_bytes_max
    try:
        if len(request.data) <= INLINE_BYTES_MAX:
            try:
                return _read(request, tools, min(cap, MIB))
            except TooLarge:
                # Small on the wire but large inside.
                pass
        # In one go: between two turns on the threads, any number of unpacked bodies would wait.
        return await tools.heavy.run(lambda: _read(request, tools, cap), is_light=False)
    except TooLarge:
        tools.count(request.key, Category.UNKNOWN, Fate.INVALID, Reason.TOO_LARGE)
        return refused(413, f"body unpacks to more than {cap} bytes")
    except Malformed as error:
        tools.count(request.key, Category.UNKNOWN, Fate.INVALID, Reason.UNREADABLE)
        return refused(400, f"cannot unpack the body: {error}")


def _read(request: SentryRequest, tools: DoorTools, byte_count_max: int) -> _Opened | HttpAnswer:
    body = request.data
    if request.encoding:
        body = unpack(body, request.encoding, byte_count_max)
    return _READERS.get(request.kind, _open_security)(body, request, tools)


def _open_envelope(body: bytes, request: SentryRequest, tools: DoorTools) -> _Opened | HttpAnswer:
    envelope, fault = read_envelope(body)
    if fault is not None:
        tools.count(request.key, Category.UNKNOWN, Fate.INVALID, Reason.UNREADABLE)
        return refused(400, str(fault), causes=[fault.why])
    mismatch = _dsn_mismatch(envelope.header, request.key)
    if mismatch:
        return refused(400, mismatch)
    too_large = _type_that_is_too_large(envelope.items)
    if too_large is not None:
        tools.count(request.key, category_of(too_large), Fate.INVALID, Reason.TOO_LARGE)
        cap = ITEM_BYTES_MAX[too_large]
        return refused(413, f"the items of type {too_large} are larger than {cap} bytes")
    event_id, parameters = _settle_event_id(envelope, body, tools)
    return _Opened(event_id, _asked(envelope.items), envelope.items, parameters, len(body))


def _dsn_mismatch(header: JsonObject, key: ProjectKey) -> str | None:
    text = header.get("dsn")
    dsn = read_dsn(text) if isinstance(text, str) else None
    if dsn is None or dsn == DsnParts(key.public_key, str(key.project_id)):
        return None
    return "the DSN in the envelope header is not the one of this request"


def _type_that_is_too_large(items: Sequence[EnvelopeItem]) -> str | None:
    """Return the type whose items pass their cap: together, as each may be a full container."""
    byte_counts: Counter[str] = Counter()
    for item in items:
        byte_counts[item.item_type] += item.end - item.start
    return next(
        (name for name, count in byte_counts.items() if count > ITEM_BYTES_MAX.get(name, count)),
        None,
    )


def _settle_event_id(
    envelope: Envelope, body: bytes, tools: DoorTools
) -> tuple[str | None, dict[str, str]]:
    """Return the event id that is answered; the journal is told if the envelope does not say it."""
    given = read_event_id(envelope.header.get("event_id"))
    if given is not None:
        return given, {}
    maker = next((each for each in envelope.items if each.item_type in MAKES_EVENT_ID), None)
    if maker is None:
        return None, {}
    inside = None
    if maker.item_type != "attachment":
        payload = read_object(body[maker.start : maker.end])
        inside = None if isinstance(payload, Unreadable) else read_event_id(payload.get("event_id"))
    event_id = inside or tools.ids.event_id()
    return event_id, {"event_id": event_id}


def _open_store(body: bytes, request: SentryRequest, tools: DoorTools) -> _Opened | HttpAnswer:
    # Before it is read: reading takes many times the memory of the text.
    if len(body) > ITEM_BYTES_MAX["event"]:
        tools.count(request.key, Category.ERROR, Fate.INVALID, Reason.TOO_LARGE)
        return refused(413, f"the event is larger than {ITEM_BYTES_MAX['event']} bytes")
    event = read_object(body)
    if isinstance(event, Unreadable):
        tools.count(request.key, Category.ERROR, Fate.INVALID, Reason.UNREADABLE)
        return refused(400, f"invalid event: {event.why}")
    event_id = read_event_id(event.get("event_id")) or tools.ids.event_id()
    is_transaction = event.get("type") == "transaction"
    category = Category.TRANSACTION if is_transaction else Category.ERROR
    return _Opened(
        event_id, {category: 1}, parameters={"event_id": event_id}, unpacked_bytes=len(body)
    )


def _open_security(body: bytes, request: SentryRequest, tools: DoorTools) -> _Opened | HttpAnswer:
    if len(body) > MIB:
        tools.count(request.key, Category.SECURITY, Fate.INVALID, Reason.TOO_LARGE)
        return refused(413, f"the report is larger than {MIB} bytes")
    event_id = tools.ids.event_id()
    return _Opened(
        None,
        {Category.SECURITY: 1},
        parameters={"event_id": event_id},
        unpacked_bytes=len(body),
    )


_READERS: Final = {RecordKind.ENVELOPE: _open_envelope, RecordKind.STORE: _open_store}


def _asked(items: Sequence[EnvelopeItem]) -> dict[Category, int]:
    asked: dict[Category, int] = {}
    for item in items:
        category = category_of(item.item_type)
        asked[category] = asked.get(category, 0) + _quantity(item)
    return asked


def _quantity(item: EnvelopeItem) -> int:
    count = item.header.get("item_count")
    if (
        isinstance(count, int)
        and not isinstance(count, bool)
        and 0 < count <= ITEM_COUNT_BELIEVED_MAX
    ):
        return count
    return 1


def _skipped(items: Sequence[EnvelopeItem], limited: Mapping[Category, Limit]) -> tuple[int, ...]:
    if not limited:
        return ()
    return tuple(
        index for index, item in enumerate(items) if category_of(item.item_type) in limited
    )


def _limit_headers(limited: Mapping[Category, Limit]) -> dict[str, str]:
    if not limited:
        return {}
    distinct = list(dict.fromkeys(limited.values()))
    return {
        "x-sentry-rate-limits": rate_limit_header(distinct),
        "retry-after": str(max(each.retry_after_s for each in distinct)),
    }
