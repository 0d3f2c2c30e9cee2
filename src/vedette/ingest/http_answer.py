"""What the door says back, in each protocol's own words."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vedette.model.json_value import JsonValue
from vedette.protocols.json_text import write_json

Scope: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, object]]]
Send: TypeAlias = Callable[[MutableMapping[str, object]], Awaitable[None]]

# Open to every origin, without credentials: a browser SDK runs on other people's pages. Exposing
# the rate limits lets it see when to be quiet, so errors carry these headers too.
_CORS: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"x-sentry-error, x-sentry-rate-limits, retry-after"),
)
_ALLOWED_HEADERS: Final = (
    b"x-sentry-auth, x-vedette-key, x-requested-with, x-forwarded-for, origin, referer, accept, "
    b"content-type, authentication, authorization, content-encoding, transfer-encoding, "
    b"baggage, sentry-trace, traceparent"
)
_PREFLIGHT: Final = (
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", _ALLOWED_HEADERS),
    (b"access-control-max-age", b"3600"),
)

JSON: Final = "application/json"
PROTOBUF: Final = "application/x-protobuf"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer, ready to send."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def said(value: JsonValue, *, headers: Mapping[str, str] | None = None) -> HttpAnswer:
    """Answer 200 with JSON."""
    return HttpAnswer(200, write_json(value), headers=headers or {})


def refused(
    status: int, why: str, *, causes: Sequence[str] = (), headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """Answer an error in Sentry's form; `x-sentry-error` repeats it for SDKs that print that."""
    body: dict[str, JsonValue] = {"detail": why}
    if causes:
        body["causes"] = list(causes)
    # `why` may repeat what was sent: nothing in it may end the header's line.
    one_line = "".join(each if " " <= each <= "~" else "?" for each in why[:500])
    return HttpAnswer(
        status, write_json(body), headers={"x-sentry-error": one_line, **(headers or {})}
    )


def preflight() -> HttpAnswer:
    """Answer `OPTIONS`."""
    return HttpAnswer(200, headers={key.decode(): value.decode() for key, value in _PREFLIGHT})


async def send_answer(send: Send, answer: HttpAnswer) -> None:
    """Send it, with what every answer of the door carries."""
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *_CORS,
        *(
            (key.encode(), value.encode("latin-1", "replace"))
            for key, value in answer.headers.items()
        ),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
