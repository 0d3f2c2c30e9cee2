"""Put the marketing site together."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.routing import Route

from ticketing.settings import settings_from_environment
from ticketing.site_tracing import start_tracing
from ticketing.webapp import Pages, Site, make_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from ticketing.settings import Settings


def create() -> Starlette:
    """The site with the settings of the environment, for uvicorn."""
    return build(settings_from_environment())


def build(settings: Settings) -> Starlette:
    """The site."""
    tracing = start_tracing(settings, "nights")
    pages = Pages("nights", tracing, {"site_name": "Nights", "settings": settings})

    async def home(_request: Request) -> Response:
        return pages.answer("nights.html")

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        yield

    site = Site(
        name="nights",
        tracing=tracing,
        routes=[Route("/", home)],
        lifespan=lifespan,
        connect_to=[settings.lounge_url],
        untraced=("/",),  # every path: this site is traced in the browser only
    )
    return make_app(site, pages)
