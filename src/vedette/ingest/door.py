"""The write door over HTTP: which body is this, who sends it, how big is it; then take it in.

A bare ASGI application: a framework's routing would cost more than the whole rest of the road.
"""

import functools
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from vedette.ingest import door_embed, door_otlp, door_sentry
from vedette.ingest.door_embed import EMBED_PATHS, FormVisit
from vedette.ingest.door_otlp import OtlpRequest, Refusal
from vedette.ingest.door_sentry import SentryRequest
from vedette.ingest.door_tools import BUSY_RETRY_S, DoorTools, Peer, Stranger, find_peer
from vedette.ingest.http_answer import (
    HttpAnswer,
    Receive,
    Scope,
    Send,
    preflight,
    refused,
    send_answer,
)
from vedette.ingest.request_body import (
    ENCODINGS,
    INLINE_BYTES_MAX,
    BodyTooLarge,
    ClientWentAway,
    DoorIsFull,
    HeldBody,
    read_body,
)
from vedette.model.category import Category
from vedette.model.outcome import Fate, Reason
from vedette.model.project import ProjectKey
from vedette.model.record import RecordKind
from vedette.native import Malformed, TooLarge, unpack
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.sentry_auth import AuthFault, Credentials, find_credentials, read_dsn

logger = logging.getLogger(__name__)

PATH_COUNT_REMEMBERED: Final = 1_024
"""Of honest clients there are a few for each project."""

PATH_LENGTH_MAX: Final = 512
"""No path of ours is longer, so nothing longer is remembered."""

_SLASHES: Final = re.compile("/{2,}")
_SENTRY_PATH: Final = re.compile(
    r"/api/(?:(?P<project>[^/]+)/)?(?P<what>envelope|store|security|csp-report|minidump|unreal)"
    r"(?:/(?P<rest>[^/]*))?/?"
)
_OTLP_PATH: Final = re.compile(
    r"(?:/api/(?P<project>[^/]+)/(?:integration/)?otlp)?"
    r"/(?:v1/(?P<signal>traces|logs|metrics)|v1development/(?P<profiles>profiles))/?"
)
_KIND_OF_PATH: Final = {
    "envelope": RecordKind.ENVELOPE,
    "store": RecordKind.STORE,
    "security": RecordKind.SECURITY,
    "csp-report": RecordKind.SECURITY,
    "minidump": RecordKind.MINIDUMP,
    "unreal": RecordKind.MINIDUMP,
    "traces": RecordKind.OTLP_TRACES,
    "logs": RecordKind.OTLP_LOGS,
    "metrics": RecordKind.OTLP_METRICS,
    "profiles": RecordKind.OTLP_PROFILES,
}
# One transparent pixel: what `GET /store/` is answered, as an <img> of very old browser SDKs.
_PIXEL: Final = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a path asks for."""

    kind: RecordKind
    project: str | None
    is_otlp: bool
    rest: str = ""
    is_embed: bool = False
    """The form in which people write, and no body of an SDK."""


def find_target(path: str) -> Target | None:
    """Return what the path asks for; None if it is not the write door's business."""
    return _target_of(path) if len(path) <= PATH_LENGTH_MAX else None


@functools.lru_cache(maxsize=PATH_COUNT_REMEMBERED)
def _target_of(path: str) -> Target | None:
    clean = _SLASHES.sub("/", path)
    match = _SENTRY_PATH.fullmatch(clean)
    if match:
        return Target(
            _KIND_OF_PATH[match["what"]], match["project"], is_otlp=False, rest=match["rest"] or ""
        )
    if clean in EMBED_PATHS:
        return Target(RecordKind.ENVELOPE, None, is_otlp=False, is_embed=True)
    match = _OTLP_PATH.fullmatch(clean)
    if match:
        signal = match["signal"] or match["profiles"]
        return Target(_KIND_OF_PATH[signal], match["project"], is_otlp=True)
    return None


class Door:
    """The ASGI application of the write door."""

    def __init__(self, tools: DoorTools) -> None:
        self._tools = tools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request that `find_target` knows; others get 404."""
        path = scope["path"]
        assert isinstance(path, str)
        target = find_target(path)
        if target is None:
            await send_answer(send, refused(404, f"nothing is taken in at {path}"))
            return
        self._tools.watch.load.in_hand += 1
        try:
            if target.is_embed:
                answer = await self._answer_form(scope, receive)
            else:
                answer = await self._answer(target, scope, receive)
        except ClientWentAway:
            return
        except Exception:  # the outermost edge: the sender must get an answer
            logger.exception("the write door failed on a request")
            answer = refused(500, "internal error; the body was not taken")
        finally:
            self._tools.watch.load.in_hand -= 1
        await send_answer(send, answer)

    async def _answer_form(self, scope: Scope, receive: Receive) -> HttpAnswer:
        headers, query = _headers(scope), _query(scope)
        sender = find_peer(_socket_address(scope), headers, self._tools.limits.trusted_proxies)
        visit = FormVisit(str(scope["method"]), headers, query, sender)
        return await door_embed.take_in(visit, receive, self._tools)

    async def _answer(self, target: Target, scope: Scope, receive: Receive) -> HttpAnswer:
        if scope["method"] != "POST":
            return _answer_without_body(target, str(scope["method"]))
        request = _read_request(target, scope, self._tools)
        if isinstance(request, HttpAnswer):
            return request
        if request.credentials is not None:
            # Before the body: a stranger's takes no room.
            key = self._tools.whose(request.credentials, request.peer)
            if isinstance(key, Stranger):
                return _refuse(request, door_otlp.UNAUTHENTICATED, key.status, key.why)
        try:
            held = await read_body(
                receive, request.headers, self._tools.budget, self._tools.limits.packed_bytes_max
            )
        except BodyTooLarge:
            return self._too_large(request)
        except DoorIsFull:
            busy = {"retry-after": str(BUSY_RETRY_S)}
            why = "too many bodies are being taken in at this moment"
            return _refuse(request, door_otlp.UNAVAILABLE, 503, why, busy)
        try:
            return await self._take_in(request, held)
        finally:
            self._tools.budget.give_back(held.byte_count)

    def _too_large(self, request: "_Request") -> HttpAnswer:
        key = self._tools.whose(request.credentials, request.peer)
        if isinstance(key, ProjectKey):
            self._tools.count(key, Category.UNKNOWN, Fate.INVALID, Reason.TOO_LARGE)
        cap = self._tools.limits.packed_bytes_max
        why = f"the body is larger than {cap} bytes"
        return _refuse(request, door_otlp.INVALID_ARGUMENT, 413, why)

    async def _take_in(self, request: "_Request", held: HeldBody) -> HttpAnswer:
        tools, target = self._tools, request.target
        credentials = request.credentials
        if credentials is None and target.kind is RecordKind.ENVELOPE:
            # A tunnel forwards the bytes alone; the SDK wrote its DSN into them for that case.
            credentials = _from_envelope(held.data, request.encoding)
        key = tools.whose(credentials, request.peer)
        if isinstance(key, Stranger):
            code = door_otlp.UNAUTHENTICATED
            return _refuse(request, code, key.status, key.why)
        if target.project is not None and target.project != str(key.project_id):
            why = "event submission rejected: the key belongs to another project"
            return _refuse(request, door_otlp.UNAUTHENTICATED, 403, why)
        if target.is_otlp:
            return await door_otlp.take_in(_otlp_request(request, key, held.data), tools)
        if not held.data:
            tools.count(key, Category.UNKNOWN, Fate.INVALID, Reason.UNREADABLE)
            return refused(400, "empty body")
        return await door_sentry.take_in(_sentry_request(request, key, held.data), tools)


QUERY_LENGTH_MAX: Final = 8 * 1024
"""Keys and a release fit in far less."""

_KEPT_PARAMETERS: Final = ("sentry_release", "sentry_environment")


@dataclass(frozen=True, slots=True)
class _Request:
    """The head of a request, read."""

    target: Target
    headers: Mapping[str, str]
    query: Mapping[str, str]
    encoding: str
    is_json: bool
    credentials: Credentials | None
    peer: Peer


def _otlp_request(request: _Request, key: ProjectKey, data: bytes) -> OtlpRequest:
    return OtlpRequest(
        kind=request.target.kind,
        key=key,
        data=data,
        encoding=request.encoding,
        is_json=request.is_json,
        client_address=request.peer.address,
        user_agent=request.headers.get("user-agent", ""),
    )


def _sentry_request(request: _Request, key: ProjectKey, data: bytes) -> SentryRequest:
    return SentryRequest(
        kind=request.target.kind,
        key=key,
        data=data,
        encoding=request.encoding,
        client_address=request.peer.address,
        user_agent=request.headers.get("user-agent", ""),
        parameters={
            name: request.query[name][:200] for name in _KEPT_PARAMETERS if name in request.query
        },
    )


def _read_request(target: Target, scope: Scope, tools: DoorTools) -> _Request | HttpAnswer:
    headers = _headers(scope)
    query = _query(scope)
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = content_type == "application/json"
    if target.is_otlp and content_type not in ("application/json", "application/x-protobuf"):
        why = (
            f"content type {content_type[:100]!r} is not application/x-protobuf or application/json"
        )
        return _refuse_head(target, door_otlp.INVALID_ARGUMENT, 415, why, is_json=False)
    word = headers.get("content-encoding", "").strip().lower()
    encoding = ENCODINGS.get(word)
    if encoding is None:
        why = f"content encoding {word[:40]!r} is not one of gzip, deflate, br, zstd"
        return _refuse_head(target, door_otlp.INVALID_ARGUMENT, 415, why, is_json=is_json)
    credentials = find_credentials(headers, query)
    if credentials is None and target.rest and target.kind is RecordKind.MINIDUMP:
        credentials = Credentials(target.rest.lower())
    if isinstance(credentials, AuthFault):
        status, why = credentials.status, credentials.why
        return _refuse_head(target, door_otlp.UNAUTHENTICATED, status, why, is_json=is_json)
    peer = find_peer(_socket_address(scope), headers, tools.limits.trusted_proxies)
    return _Request(target, headers, query, encoding, is_json, credentials, peer)


def _answer_without_body(target: Target, method: str) -> HttpAnswer:
    if method == "OPTIONS":
        return preflight()
    if method == "GET" and target.kind is RecordKind.STORE:
        return HttpAnswer(200, _PIXEL, "image/gif")
    return refused(405, f"{method} is not allowed here", headers={"allow": "POST, OPTIONS"})


def _query(scope: Scope) -> dict[str, str]:
    query_string = scope["query_string"]
    assert isinstance(query_string, bytes)
    return dict(parse_qsl(query_string.decode("latin-1")[:QUERY_LENGTH_MAX]))


def _socket_address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if isinstance(client, tuple | list) and client else ""


def _headers(scope: Scope) -> dict[str, str]:
    raw = scope["headers"]
    assert isinstance(raw, list | tuple)
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}


def _from_envelope(data: bytes, encoding: str) -> Credentials | None:
    try:
        # The header line is all that is wanted; a body that unpacks to more is read again later.
        body = unpack(data, encoding, 16 * INLINE_BYTES_MAX) if encoding else data
    except (TooLarge, Malformed):
        return None
    header = read_object(body.partition(b"\n")[0][: 16 * INLINE_BYTES_MAX])
    text = None if isinstance(header, Unreadable) else header.get("dsn")
    dsn = read_dsn(text) if isinstance(text, str) else None
    return Credentials(dsn.public_key) if dsn else None


def _refuse(
    request: _Request,
    code: int,
    status: int,
    why: str,
    headers: Mapping[str, str] | None = None,
) -> HttpAnswer:
    return _refuse_head(request.target, code, status, why, is_json=request.is_json, headers=headers)


def _refuse_head(
    target: Target,
    code: int,
    status: int,
    why: str,
    *,
    is_json: bool,
    headers: Mapping[str, str] | None = None,
) -> HttpAnswer:
    """Answer an error in the words of the protocol that the path belongs to."""
    if target.is_otlp:
        refusal = Refusal(code, why, None, status)
        return door_otlp.tell_plain(refusal, is_json=is_json, headers=headers)
    return refused(status, why, headers=headers)
