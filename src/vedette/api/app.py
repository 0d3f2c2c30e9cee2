"""The read door as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from vedette.api import (
    routes_attributes,
    routes_events,
    routes_projects,
    routes_server,
    routes_sign_in,
    routes_traces,
    routes_who,
)
from vedette.api.door import Door
from vedette.api.error_answers import answer_errors
from vedette.api.outer_layers import OneSlashForm, SafeHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from vedette.api.services import ApiServices

_ROUTERS = (
    routes_server.router,
    routes_sign_in.router,
    routes_who.router,
    routes_projects.router,
    routes_events.router,
    routes_traces.router,
    routes_traces.columns_router,
    routes_attributes.router,
)


def make_api(services: "ApiServices") -> "ASGIApp":
    """Return the read door. Its threads stop with the ASGI lifespan."""
    app = make_routes()
    app.state.door = Door(services)
    return SafeHeaders(OneSlashForm(app))


def make_routes() -> FastAPI:
    """Return the routes alone: enough to describe them, not to answer."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    answer_errors(app)
    for router in _ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    door = app.state.door
    assert isinstance(door, Door)
    door.close()
