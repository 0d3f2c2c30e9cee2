"""Route: rows as they come in, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from typing_extensions import override

from vedette.api.explore_parameters import dataset_name
from vedette.api.policy import Scope as Permission
from vedette.api.refusal import Refusal
from vedette.api.visit import Admits, Visit
from vedette.model.json_value import JsonValue
from vedette.query.events_table import in_environments
from vedette.query.tail import Look, Tail, TailRequest
from vedette.storage.telemetry.port import TelemetryError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

router = APIRouter(prefix="/api/v1", tags=["explore"])

ReadsAll = Annotated[Visit, Depends(Admits(Permission.EVENT_READ))]

EVENT_STREAM: Final = "text/event-stream"
RECONNECT_MS: Final = 1_000
"""So soon a client comes again, unless it was told that something is wrong."""
_NOTICE_EVERY_S: Final = 0.2
"""How soon it is noticed between two looks that the client has left."""
_ID_DIGITS_MAX: Final = 19


class TailParameters(BaseModel):
    """Which rows."""

    dataset: str = Field("logs", description="logs, spans or errors.")
    query: str = Field("", description="A search.")
    project: list[str] = Field(
        default_factory=list, description="Ids or slugs; none or -1 for all."
    )
    environment: list[str] = Field(default_factory=list)


@router.get(
    "/tail",
    response_class=StreamingResponse,
    responses={200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}},
)
async def tail_rows(
    visit: ReadsAll, parameters: Annotated[TailParameters, Query()], request: Request
) -> Response:
    """Rows as they come in: an event `row` for each, `skipped` with a count if there are too many.

    After some minutes comes `reconnect`, and the client comes again with the id of the last event.
    """
    services = visit.door.services
    tail = Tail(
        services.telemetry,
        TailRequest(
            dataset=dataset_name(parameters.dataset),
            search=parameters.query,
            project_slugs=await visit.all_projects(parameters.project),
            now_ns=services.clock.now_ns(),
            resumed_ns=_resumed_ns(request),
            where=in_environments(parameters.environment),
        ),
    )
    with ExitStack() as holding:
        holding.enter_context(visit.door.tails.place())
        # What is wrong with the question is said before there is a stream.
        first = await visit.ask(lambda: tail.look(services.clock.now_ns()))
        return _TailAnswer(_Stream(visit, tail, first), holding.pop_all())


class _TailAnswer(StreamingResponse):
    """Holds a place among the tails for as long as it is sent, however that ends."""

    def __init__(self, stream: "_Stream", place: ExitStack) -> None:
        # Proxies must pass on each event at once.
        headers = {"X-Accel-Buffering": "no"}
        super().__init__(stream.events(), media_type=EVENT_STREAM, headers=headers)
        self._place = place

    @override
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Send it."""
        with self._place:
            await super().__call__(scope, receive, send)


class _Stream:
    """One tail on its way to its client."""

    def __init__(self, visit: Visit, tail: Tail, first: Look) -> None:
        self._visit = visit
        self._tail = tail
        self._first = first

    async def events(self) -> AsyncIterator[bytes]:
        """Return what is sent, until the client leaves or must come again."""
        pace = self._visit.door.tails.pace
        now_s = asyncio.get_running_loop().time
        ends_s, sent_s = now_s() + pace.lasts_s, now_s()
        yield f"retry: {RECONNECT_MS}\n: connected\n\n".encode()
        look: Look | None = self._first
        while look is not None:
            if told := _told(look):
                sent_s = now_s()
                yield told
            elif now_s() - sent_s >= pace.heartbeat_s:
                sent_s = now_s()
                yield b": still here\n\n"
            if now_s() >= ends_s:
                yield _event("reconnect", {"seconds": pace.lasts_s})
                return
            if await self._has_left_within(pace.look_every_s):
                return
            look = await self._look()
        yield _event("trouble", {"detail": "The store does not answer; come again."})

    async def _look(self) -> Look | None:
        clock = self._visit.door.services.clock
        try:
            return await self._visit.ask(lambda: self._tail.look(clock.now_ns()))
        except (Refusal, TelemetryError):
            # The status is sent already. A look that failed is told, and the client comes again.
            return None

    async def _has_left_within(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        until_s = loop.time() + seconds
        while loop.time() < until_s:
            if await self._visit.request.is_disconnected():
                return True
            await asyncio.sleep(min(_NOTICE_EVERY_S, max(0.0, until_s - loop.time())))
        return await self._visit.request.is_disconnected()


def _told(look: Look) -> bytes:
    events = [_event("row", row, look.until_ns) for row in look.rows]
    if look.skipped_count:
        # Before the rows: what was skipped is older than they are.
        events.insert(0, _event("skipped", {"count": look.skipped_count}, look.until_ns))
    return b"".join(events)


def _event(name: str, content: JsonValue, until_ns: int | None = None) -> bytes:
    # JSON in one line: nothing in a row can end an event or begin another.
    identity = b"" if until_ns is None else b"id: %d\n" % until_ns
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), identity, orjson.dumps(content))


def _resumed_ns(request: Request) -> int | None:
    """Return where a client had got to that lost its connection."""
    said = request.headers.get("last-event-id", "")
    is_ours = said.isascii() and said.isdecimal() and len(said) <= _ID_DIGITS_MAX
    return int(said) if is_ours else None
