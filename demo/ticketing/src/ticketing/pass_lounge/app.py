"""Put the lounge together."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import httpx

from ticketing.database import make_pool
from ticketing.mail import Mailer
from ticketing.outbox import Courier
from ticketing.pass_lounge.admin_pages import AdminPages
from ticketing.pass_lounge.catalogue import Catalogue
from ticketing.pass_lounge.orders import SENDER, Orders
from ticketing.pass_lounge.shop_pages import ShopPages
from ticketing.pass_lounge.ticket_mail import TicketMail
from ticketing.pass_lounge.trace_pages import TracePages
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
QUIET_PAGES: Final = ("/admin/traces",)
"""Looking at traces makes none: the list would show its own readers."""


def create() -> Starlette:
    """The lounge with the settings of the environment, for uvicorn."""
    return build(settings_from_environment())


def build(settings: Settings) -> Starlette:
    """The lounge."""
    tracing = start_tracing(settings, "pass-lounge")
    tracer = tracing.tracer
    pool, journal = make_pool(settings.shop_url), make_pool(settings.journal_reader_url)
    http = httpx.AsyncClient(timeout=WEBHOOK_TIMEOUT_S)
    pages = Pages("pass_lounge", tracing, {"site_name": "Pass Lounge", "settings": settings})
    mailer = Mailer(settings.smtp_host, settings.smtp_port)
    ticket_mail = TicketMail(pool, mailer, settings.ticket_key, settings.lounge_url)
    gate = WebhookSender(
        http, tracing, f"{settings.gate_url}/webhooks/tickets", settings.webhook_key
    )
    courier = Courier(
        pool,
        tracer,
        sender=SENDER,
        routes={
            "ticket.issued": gate.deliver,
            "ticket.revoked": gate.deliver,
            "mail.tickets": ticket_mail.send_later,
        },
    )
    catalogue = Catalogue(pool, tracer)
    orders = Orders(pool, tracer, catalogue, ticket_mail, courier)
    door = Door(pool, pages, cookie="lounge_session", home="/admin/traces")

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with pool, journal, http:
            running = asyncio.create_task(courier.run())
            yield
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    site = Site(
        name="pass-lounge",
        tracing=tracing,
        routes=[
            *ShopPages(pool, pages, tracer, catalogue, orders, settings).routes(),
            *door.routes(),
            *TracePages(journal, pages, door).routes(),
            *AdminPages(pool, pages, door, orders).routes(),
        ],
        lifespan=lifespan,
        untraced=QUIET_PAGES,
    )
    return make_app(site, pages)
