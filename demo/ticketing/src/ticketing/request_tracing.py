"""Give each request a server span that continues the caller's trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from opentelemetry.trace import SpanKind
from starlette.requests import Request
from starlette.routing import Match
from waymark import extract_trace_context

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from waymark import Span, Tracer

QUIET_PATHS: Final = ("/healthz", "/static/", "/waymark.js", "/v1/traces", "/favicon.ico")
"""Nobody asks how these went, and a span per picture hides what people ask about."""

SERVER_ERROR: Final = 500

OnError: TypeAlias = "Callable[[Request, Exception], Response]"


class RequestTracing:
    """ASGI middleware. Paths in `untraced` get no span, such as scans, which open their own."""

    def __init__(
        self,
        app: ASGIApp,
        tracer: Tracer,
        routes: Sequence[BaseRoute],
        on_error: OnError,
        untraced: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._tracer = tracer
        self._routes = routes
        self._on_error = on_error
        self._quiet = (*QUIET_PATHS, *untraced)

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
            answer = _Answer(span, send)
            try:
                await self._app(scope, receive, answer.send)
            except Exception as error:
                if answer.is_begun:
                    raise
                # Answered here and not by the framework, so that the answer names its trace.
                span.set_error(error)
                answer.is_failed = True
                await self._on_error(Request(scope), error)(scope, receive, answer.send)

    def _route_of(self, scope: Scope) -> str:
        """The pattern, not the path: names with ids in them cannot be counted."""
        for route in self._routes:
            if route.matches(scope)[0] is not Match.NONE:
                return str(getattr(route, "path", "other"))
        return "not found"


class _Answer:
    """Notes the status on the span and the trace id on the answer."""

    def __init__(self, span: Span, send: Send) -> None:
        self.is_begun = self.is_failed = False
        self._span = span
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_begun = True
            self._span.set_attribute("http.response.status_code", message["status"])
            if message["status"] >= SERVER_ERROR and not self.is_failed:
                self._span.set_error(f"HTTP {message['status']}")
            header = (b"x-trace-id", self._span.trace_id.encode())
            message = {**message, "headers": [*message["headers"], header]}
        await self._send(message)
