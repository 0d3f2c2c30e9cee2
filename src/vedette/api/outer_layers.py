"""What surrounds every route: careful headers, one form of each path, HEAD."""

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Given to every answer that does not bring its own. No Access-Control header is ever among them:
pages of other sites may not read here."""

_WITH_SLASH: Final = "/api/0/"
_WITHOUT_SLASH: Final = ("/api/v1/", "/api/docs", "/api/openapi.json", "/auth/")
_WITHOUT_SLASH_EXACT: Final = ("/healthz/", "/readyz/", "/metrics/")


class SafeHeaders:
    """Adds the headers, also to answers that report a mistake of ours."""

    def __init__(self, app: "ASGIApp") -> None:
        """Surround `app`."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on."""

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OneSlashForm:
    """Lets paths match with and without a last slash.

    Never by a redirect: clients take one for "this project has moved" and give up.
    """

    def __init__(self, app: "ASGIApp") -> None:
        """Surround `app`."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            path = one_slash_form(scope["path"])
            if path != scope["path"]:
                scope = {**scope, "path": path, "raw_path": path.encode("utf-8", "replace")}
        await self._app(scope, receive, send)


class HeadLikeGet:
    """Answers HEAD as GET without the body, as HTTP asks: load balancers knock so."""

    def __init__(self, app: "ASGIApp") -> None:
        """Surround `app`."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on."""
        # Not under /auth: who only looks at a sign-in link must not spend it.
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        if not is_head or scope["path"].startswith("/auth/"):
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: "Message") -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


def one_slash_form(path: str) -> str:
    """Return the form in which the path's route is written."""
    if path.startswith(_WITH_SLASH) or path == _WITH_SLASH[:-1]:
        return path if path.endswith("/") else f"{path}/"
    if path.startswith(_WITHOUT_SLASH) or path in _WITHOUT_SLASH_EXACT:
        return path.removesuffix("/")
    return path
