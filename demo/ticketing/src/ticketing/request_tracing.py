"""Give each request a server span that continues the caller's trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.trace import SpanKind
from waymark import extract_trace_context

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from waymark import Span, Tracer

QUIET_PATHS: Final = ("/healthz", "/static/", "/waymark.js", "/v1/traces", "/favicon.ico")
"""Nobody asks how these went, and a span per picture hides what people ask about."""

SERVER_ERROR: Final = 500


class RequestTracing:
    """ASGI middleware. Paths in `self_traced` open their own server span (see the gate's scans)."""

    def __init__(
        self,
        app: ASGIApp,
        tracer: Tracer,
        routes: list[BaseRoute],
        self_traced: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._tracer = tracer
        self._routes = routes
        self._quiet = (*QUIET_PATHS, *self_traced)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside a span."""
        if scope["type"] != "http" or scope["path"].startswith(self._quiet):
            await self._app(scope, receive, send)
            return
        route = self._route_of(scope)
        builder = self._tracer.span(f"{scope['method']} {route}").kind(SpanKind.SERVER)
        builder = builder.child_of(extract_trace_context(scope["headers"])).attributes(
            {"http.request.method": scope["method"], "http.route": route, "url.path": scope["path"]}
        )
        async with builder.scope() as span:
            await self._app(scope, receive, told_to(span, send))

    def _route_of(self, scope: Scope) -> str:
        """The pattern, not the path: names with ids in them cannot be counted."""
        for route in self._routes:
            if route.matches(scope)[0].value > 0:
                return str(getattr(route, "path", "other"))
        return "not found"


def told_to(span: Span, send: Send) -> Send:
    """A `send` that notes the status on the span and the trace id on the answer."""

    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            span.set_attribute("http.response.status_code", message["status"])
            if message["status"] >= SERVER_ERROR:
                span.set_error(f"HTTP {message['status']}")
            header = (b"x-trace-id", span.trace_id.encode())
            message = {**message, "headers": [*message["headers"], header]}
        await send(message)

    return noting
