"""The events on sale, read through a small cache."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg.rows import DictRow
    from waymark import Tracer

    from ticketing.database import Pool

PAGE_SIZE: Final = 6
PAGE_NUMBER_MAX: Final = 1_000
CACHE_SECONDS: Final = 10.0
"""Another process may sell too; after this long the list is right again without being told."""
CACHE_PAGE_COUNT_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of the list."""

    events: list[DictRow]
    number: int
    page_count: int


@dataclass
class Catalogue:
    """Reads events; `forget` empties the cache after a sale."""

    pool: Pool
    tracer: Tracer
    clock_s: Callable[[], float] = time.monotonic
    _cache: dict[int, tuple[float, EventPage]] = field(default_factory=dict)

    async def page(self, number: int) -> EventPage:
        """A page of coming events, the next one first; numbers outside are moved inside."""
        number = min(max(number, 1), PAGE_NUMBER_MAX)
        span = self.tracer.current()
        cached = self._cache.get(number)
        if cached is not None and self.clock_s() - cached[0] < CACHE_SECONDS:
            span.set_attribute("cache.hit", value=True)
            return cached[1]
        span.set_attribute("cache.hit", value=False)
        page = await self._read(number)
        if len(self._cache) >= CACHE_PAGE_COUNT_MAX:
            self._cache.clear()
        self._cache[number] = (self.clock_s(), page)
        return page

    async def event(self, event_id: str) -> DictRow | None:
        """One event as it is now; seats are never told from the cache."""
        async with self.tracer.with_span("event.load", {"event.id": event_id}):
            event = await self._read_event(event_id)
        if event is not None:
            self.tracer.current().add_event(
                "event.loaded", {"event.id": event_id, "tickets_left": event["tickets_left"]}
            )
        return event

    async def _read_event(self, event_id: str) -> DictRow | None:
        async with self.pool.connection() as connection:
            cursor = await connection.execute("SELECT * FROM events WHERE id = %s", [event_id])
            return await cursor.fetchone()

    def forget(self) -> None:
        """Empty the cache."""
        self._cache.clear()

    async def _read(self, number: int) -> EventPage:
        async with self.tracer.with_span("events.list", {"page": number}) as span:
            async with self.pool.connection() as connection:
                cursor = await connection.execute(
                    "SELECT *, count(*) OVER () AS event_count FROM events"
                    " ORDER BY starts_at, id LIMIT %s OFFSET %s",
                    [PAGE_SIZE, (number - 1) * PAGE_SIZE],
                )
                events = await cursor.fetchall()
            span.add_event("event.loaded", {"event.count": len(events)})
        event_count = int(events[0]["event_count"]) if events else 0
        page_count = max(1, -(-event_count // PAGE_SIZE))
        if not events and number > 1:
            return await self._read(1)
        return EventPage(events, number, page_count)
