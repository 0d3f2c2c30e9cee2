"""Messages that must arrive: written with the change they tell of, delivered until it works."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from opentelemetry.trace import SpanKind
from psycopg.types.json import Jsonb
from psycopg_pool import PoolTimeout
from waymark import extract_trace_context

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from uuid import UUID

    from waymark import Tracer

    from ticketing.database import Connection, Pool

logger = logging.getLogger(__name__)

BATCH_COUNT_MAX: Final = 20
IDLE_S: Final = 1.0
"""How often the table is looked at when nobody knocks."""
RETRY_S_MAX: Final = 15
ATTEMPT_EXPONENT_MAX: Final = 5
ERROR_LENGTH_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """One row that is due."""

    id: int
    kind: str
    message_id: UUID
    body: Mapping[str, object]
    traceparent: str

    @property
    def payload(self) -> bytes:
        """The body as it is signed and sent; the receiver knows repeats by the id in it."""
        body = {"id": str(self.message_id), "kind": self.kind, **self.body}
        return json.dumps(body, sort_keys=True).encode()


class NotDeliveredError(Exception):
    """The other side did not take the message; it is tried again later."""


Deliver: TypeAlias = "Callable[[Message], Awaitable[None]]"


async def put_message(
    connection: Connection,
    *,
    sender: str,
    kind: str,
    body: Mapping[str, object],
    traceparent: str,
) -> None:
    """Write a message in the caller's transaction."""
    await connection.execute(
        "INSERT INTO outbox (sender, kind, body, traceparent) VALUES (%s, %s, %s, %s)",
        [sender, kind, Jsonb(dict(body)), traceparent],
    )


class Courier:
    """Delivers the messages of one site, one after the other, in the background."""

    def __init__(
        self, pool: Pool, tracer: Tracer, *, sender: str, routes: Mapping[str, Deliver]
    ) -> None:
        self._pool = pool
        self._tracer = tracer
        self._sender = sender
        self._routes = routes
        self._knock = asyncio.Event()

    def knock(self) -> None:
        """Say that there is something new."""
        self._knock.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._knock.wait(), IDLE_S)
            self._knock.clear()
            try:
                while await self._deliver_batch() == BATCH_COUNT_MAX:
                    pass
            except PoolTimeout:
                logger.warning("outbox not readable, database is away")
            except Exception:  # the courier must outlive every fault of a single round
                logger.exception("outbox round failed")

    async def _deliver_batch(self) -> int:
        async with self._pool.connection() as connection, connection.transaction():
            cursor = await connection.execute(
                "SELECT id, kind, message_id, body, traceparent FROM outbox"
                " WHERE sender = %s AND delivered_at IS NULL AND next_attempt_at <= now()"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                [self._sender, BATCH_COUNT_MAX],
            )
            messages = [Message(**row) for row in await cursor.fetchall()]
            for message in messages:
                await self._note(connection, message, await self._deliver(message))
        return len(messages)

    async def _deliver(self, message: Message) -> str | None:
        """None when it arrived, else the reason."""
        parent = extract_trace_context({"traceparent": message.traceparent})
        span = self._tracer.span(f"deliver {message.kind}").kind(SpanKind.PRODUCER)
        try:
            async with span.child_of(parent).scope():
                await self._routes[message.kind](message)
        except Exception as error:  # noqa: BLE001 - whatever it was, the message is kept and tried again
            return f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX]
        return None

    async def _note(self, connection: Connection, message: Message, error: str | None) -> None:
        if error is None:
            await connection.execute(
                "UPDATE outbox SET delivered_at = now(), attempt_count = attempt_count + 1,"
                " last_error = NULL WHERE id = %s",
                [message.id],
            )
            return
        await connection.execute(
            "UPDATE outbox SET attempt_count = attempt_count + 1, last_error = %s,"
            " next_attempt_at = now() + interval '1 second'"
            " * least(2 ^ least(attempt_count, %s), %s) WHERE id = %s",
            [error, ATTEMPT_EXPONENT_MAX, RETRY_S_MAX, message.id],
        )
