"""Put the gate together."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import httpx

from ticketing.database import make_pool
from ticketing.gate_scanner.gate_pages import SELF_TRACED, GatePages
from ticketing.gate_scanner.scan_journal import ScanJournal
from ticketing.gate_scanner.scanning import SENDER, Scanner
from ticketing.outbox import Courier
from ticketing.settings import settings_from_environment
from ticketing.signed_in import Door
from ticketing.site_tracing import start_tracing
from ticketing.webapp import Pages, Site, make_app
from ticketing.webhooks import WebhookSender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

    from ticketing.settings import Settings

WEBHOOK_TIMEOUT_S: Final = 5.0


def create() -> Starlette:
    """The gate with the settings of the environment, for uvicorn."""
    return build(settings_from_environment())


def build(settings: Settings) -> Starlette:
    """The gate."""
    tracing = start_tracing(settings, "gate-scanner")
    pool, journal = make_pool(settings.shop_url), make_pool(settings.journal_scan_url)
    http = httpx.AsyncClient(timeout=WEBHOOK_TIMEOUT_S)
    pages = Pages("gate_scanner", tracing, {"site_name": "Gate", "settings": settings})
    lounge = WebhookSender(
        http, tracing, f"{settings.lounge_url}/webhooks/scans", settings.webhook_key
    )
    courier = Courier(
        pool,
        tracing.tracer,
        sender=SENDER,
        routes={"scan.log": ScanJournal(journal).deliver, "ticket.scanned": lounge.deliver},
    )
    scanner = Scanner(pool, tracing.tracer, courier, settings.ticket_key)
    door = Door(pool, pages, cookie="gate_session", home="/scan")

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with pool, journal, http:
            running = asyncio.create_task(courier.run())
            yield
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    gate = GatePages(pool, pages, door, scanner, settings, tracing.tracer)
    site = Site(
        name="gate-scanner",
        tracing=tracing,
        routes=[*gate.routes(), *door.routes()],
        lifespan=lifespan,
        untraced=SELF_TRACED,
    )
    return make_app(site, pages)
