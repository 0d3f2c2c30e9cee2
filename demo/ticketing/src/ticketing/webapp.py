"""What the sites have in common: pages, errors, headers, health, the door for browser spans."""

from __future__ import annotations

import logging
import time
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from jinja2 import ChoiceLoader, Environment, PackageLoader, select_autoescape
from psycopg_pool import PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from waymark import read_browser_spans
from waymark.browser_door import BODY_BYTES_MAX, read_browser_module

from ticketing.request_tracing import RequestTracing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from waymark import Tracing

    Lifespan: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]

logger = logging.getLogger(__name__)

FORM_BYTES_MAX: Final = 5 * 1024 * 1024
"""An uploaded picture with its form."""

ERROR_WORDS: Final = {
    401: "Please sign in.",
    403: "This is not for you.",
    404: "There is no such page.",
    405: "This cannot be done here.",
    413: "That is too large.",
    429: "Too many attempts. Please wait a few minutes.",
}


@dataclass(frozen=True)
class Site:
    """One of the three sites."""

    name: str
    tracing: Tracing
    routes: Sequence[BaseRoute]
    lifespan: Lifespan
    connect_to: Sequence[str] = ()
    """Other origins whose API the pages call."""
    untraced: tuple[str, ...] = ()
    page_values: Mapping[str, object] = field(default_factory=dict)
    """Values for every template."""


class Pages:
    """Renders the templates of one site over the shared ones."""

    def __init__(self, site_package: str, tracing: Tracing, values: Mapping[str, object]) -> None:
        self._tracing = tracing
        own = PackageLoader(f"ticketing.{site_package}", "templates")
        shared = PackageLoader("ticketing", "templates")
        self._environment = Environment(
            loader=ChoiceLoader([own, shared]), autoescape=select_autoescape()
        )
        self._environment.globals.update(values)
        self._environment.filters["money"] = lambda cents: f"{cents / 100:,.2f} €"
        self._environment.filters["moment"] = lambda at: f"{at:%a %d %b %Y, %H:%M}"

    def answer(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A page; it carries the current span so that the browser continues its trace."""
        traceparent = self._tracing.tracer.current()
        text = self._environment.get_template(template).render(
            traceparent=traceparent.traceparent if traceparent.context.is_valid else "",
            trace_id=traceparent.trace_id,
            **values,
        )
        return HTMLResponse(text, status)


def make_app(site: Site, pages: Pages) -> Starlette:
    """The site as an ASGI application."""
    routes = [*site.routes, *_common_routes(site)]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with site.lifespan():
            yield
        site.tracing.close()

    def on_error(request: Request, error: Exception) -> Response:
        return _error_page(pages, request, error)

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(SafetyHeaders, connect_to=site.connect_to),
            Middleware(
                RequestTracing,
                tracer=site.tracing.tracer,
                routes=site.routes,
                on_error=on_error,
                untraced=site.untraced,
            ),
        ],
        exception_handlers={HTTPException: on_error, PoolTimeout: on_error, Exception: on_error},
    )


def _common_routes(site: Site) -> list[BaseRoute]:
    async def health(_request: Request) -> Response:
        counts = {
            name: {**asdict(one), "dropped": one.dropped}
            for name, one in site.tracing.counts().items()
        }
        return JSONResponse({"site": site.name, "status": "ok", "spans": counts})

    async def module(_request: Request) -> Response:
        return Response(read_browser_module(), media_type="text/javascript")

    async def browser_spans(request: Request) -> Response:
        body = await read_body(request, BODY_BYTES_MAX)
        read = read_browser_spans(body, service_name=f"{site.name}-browser", now_ns=time.time_ns())
        for span in read.spans:
            site.tracing.offer(span)
        status = 400 if read.faults and not read.spans else 200
        return JSONResponse({"taken": len(read.spans), "refused": read.faults}, status)

    static = Path(str(files("ticketing") / "static"))
    return [
        Route("/healthz", health),
        Route("/waymark.js", module),
        Route("/v1/traces", browser_spans, methods=["POST"]),
        Mount("/static", StaticFiles(directory=static)),
    ]


async def read_body(request: Request, bytes_max: int) -> bytes:
    """The body, or 413 as soon as it is known to be too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > bytes_max:
            raise HTTPException(413)
    return bytes(body)


def _error_page(pages: Pages, request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and "location" in (error.headers or {}):
        return Response(status_code=error.status_code, headers=error.headers)
    if isinstance(error, HTTPException):
        status, words = error.status_code, ERROR_WORDS.get(error.status_code, error.detail)
    elif isinstance(error, PoolTimeout):
        status, words = 503, "A database does not answer. Please try again in a moment."
    else:
        logger.error("request failed", exc_info=error)
        status, words = 500, "Something went wrong on our side."
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"error": words}, status)
    return pages.answer("error.html", status=status, words=words, code=status)


class SafetyHeaders:
    """Headers for every answer, and no form from somebody else's page."""

    def __init__(self, app: ASGIApp, connect_to: Sequence[str]) -> None:
        self._app = app
        sources = " ".join(["'self'", *connect_to])
        policy = f"default-src 'self'; img-src 'self' data:; connect-src {sources}; "
        policy += "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._is_foreign_form(scope):
            await JSONResponse({"error": "cross-site request"}, 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._headers]}
            await send(message)

        await self._app(scope, receive, with_headers)

    def _is_foreign_form(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if scope["method"] != "POST" or origin is None:
            return False
        return bool(origin.rpartition(b"//")[2] != headers.get(b"host"))
