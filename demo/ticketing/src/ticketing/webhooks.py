"""Tell another site, and be told: signed, counted once, in the trace of the cause."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final
from uuid import UUID

from opentelemetry.trace import SpanKind
from starlette.exceptions import HTTPException

from ticketing import webhook_signature
from ticketing.outbox import NotDeliveredError
from ticketing.webapp import read_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    from starlette.requests import Request
    from waymark import Tracer, Tracing

    from ticketing.database import Connection
    from ticketing.outbox import Message

WEBHOOK_BYTES_MAX: Final = 64 * 1024
TAKEN_STATUSES: Final = frozenset({200, 202})


class WebhookSender:
    """Posts messages of the outbox to one address."""

    def __init__(self, http: httpx.AsyncClient, tracing: Tracing, url: str, key: str) -> None:
        self._http = http
        self._tracing = tracing
        self._url = url
        self._key = key

    async def deliver(self, message: Message) -> None:
        """Raises `NotDeliveredError` or an error of httpx when it was not taken."""
        span = self._tracing.tracer.span("POST webhook").kind(SpanKind.CLIENT)
        async with span.attributes({"url.full": self._url}).scope() as running:
            signature = webhook_signature.sign(message.payload, self._key, now_s=round(time.time()))
            headers = {webhook_signature.HEADER: signature, "content-type": "application/json"}
            self._tracing.propagator.inject(headers)
            answer = await self._http.post(self._url, content=message.payload, headers=headers)
            running.set_attribute("http.response.status_code", answer.status_code)
            if answer.status_code not in TAKEN_STATUSES:
                raise NotDeliveredError(f"HTTP {answer.status_code}")


async def read_webhook(request: Request, key: str, tracer: Tracer) -> Mapping[str, object]:
    """The body of a webhook that is to be believed; 401 or 400 for any other."""
    body = await read_body(request, WEBHOOK_BYTES_MAX)
    header = request.headers.get(webhook_signature.HEADER)
    fault = webhook_signature.check(body, key, header, now_s=round(time.time()))
    if fault is not None:
        tracer.current().set_attribute("webhook.refused", fault.value)
        raise HTTPException(401, fault.value)
    try:
        message = json.loads(body)
        UUID(message["id"])
        return dict(message)
    except (ValueError, TypeError, KeyError) as error:
        raise HTTPException(400, "not a message of ours") from error


async def is_first_time(connection: Connection, receiver: str, message_id: object) -> bool:
    """Note the message in the caller's transaction; false when it came before."""
    cursor = await connection.execute(
        "INSERT INTO received_webhooks (receiver, message_id) VALUES (%s, %s)"
        " ON CONFLICT DO NOTHING",
        [receiver, message_id],
    )
    return cursor.rowcount == 1
