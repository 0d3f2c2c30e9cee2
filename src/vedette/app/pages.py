"""The built pages of the UI: files for the browser, and one page for every address of a view."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from vedette.base.ids import IdSource
from vedette.ingest.http_answer import Receive, Scope, Send

PAGES_FOLDER: Final = Path(__file__).parents[1] / "ui_pages"
"""Beside the rooms, in the wheel too; `make build` fills it."""
PAGES_BYTES_MAX: Final = 64 * 1024 * 1024
"""All of them are kept in memory, and nothing of that size is ours."""

_NOT_PAGES: Final = ("/api", "/v1", "/v1development", "/auth", "/healthz", "/readyz", "/metrics")
"""First parts of addresses that belong to the doors, whatever follows."""
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
_PRESSED: Final = ((".br", "br"), (".gz", "gzip"))
"""Forms that the build makes, best first."""

_NONCE: Final = b"{{nonce}}"
_NONCE_BYTES: Final = 16
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Styles that a library adds while the page runs carry the nonce; scripts are never inline."""
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_SHORT: Final = "public, max-age=300"
_NOT_BUILT: Final = (
    b'<!doctype html><html lang="en"><title>Vedette</title>'
    b"<p>The pages are not built: run <code>make build</code> in the checkout and start again; "
    b'the API works without them, see <a href="/api/docs">/api/docs</a>.</p></html>'
)


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    content_type: str
    pressed: Mapping[str, bytes]
    """The same by content encoding."""


def is_page_address(path: str) -> bool:
    """Tell whether an address is for a person's eyes, not one of the doors'."""
    return not any(path == each or path.startswith(f"{each}/") for each in _NOT_PAGES)


class Pages:
    """The ASGI application that serves them."""

    def __init__(self, ids: IdSource, folder: Path = PAGES_FOLDER) -> None:
        self._ids = ids
        self._files = _read(folder)
        index = self._files.pop("/index.html", None)
        self._index = index.body.split(_NONCE) if index else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's face
        """Answer GET or HEAD."""
        path = str(scope["path"])
        file = self._files.get(path)
        if file is not None:
            cache = _IMMUTABLE if path.startswith("/assets/") else _SHORT
            encoding = _best_encoding(scope, file)
            body = file.pressed[encoding] if encoding else file.body
            headers = {"content-type": file.content_type, "cache-control": cache}
            if file.pressed:
                headers["vary"] = "accept-encoding"
            if encoding:
                headers["content-encoding"] = encoding
            await _answer(scope, send, HTTPStatus.OK, headers, body)
        elif path.startswith("/assets/"):
            # Never the page: a script that is gone must fail, not be parsed as one.
            headers = {"content-type": "text/plain; charset=utf-8"}
            body = b"This file is not of this version: load the page again."
            await _answer(scope, send, HTTPStatus.NOT_FOUND, headers, body)
        else:
            await self._send_page(scope, send)

    async def _send_page(self, scope: Scope, send: Send) -> None:
        headers = {"content-type": _TYPES[".html"], "cache-control": "no-store"}
        if self._index is None:
            await _answer(scope, send, HTTPStatus.SERVICE_UNAVAILABLE, headers, _NOT_BUILT)
            return
        nonce = self._ids.secret(_NONCE_BYTES)
        headers["content-security-policy"] = _POLICY.format(nonce=nonce)
        await _answer(scope, send, HTTPStatus.OK, headers, nonce.encode().join(self._index))


def _read(folder: Path) -> dict[str, _File]:
    """Return the files by address. Only what lies there has one: no address becomes a path."""
    files: dict[str, _File] = {}
    left = PAGES_BYTES_MAX
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.suffix not in _TYPES or not path.is_file() or path.name == "manifest.json":
            continue
        pressed = {
            encoding: beside.read_bytes()
            for suffix, encoding in _PRESSED
            if (beside := path.with_name(path.name + suffix)).is_file()
        }
        file = _File(path.read_bytes(), _TYPES[path.suffix], pressed)
        left -= len(file.body) + sum(map(len, pressed.values()))
        if left < 0:
            raise ValueError(f"{folder} holds more than {PAGES_BYTES_MAX} bytes: not our pages")
        files[f"/{path.relative_to(folder).as_posix()}"] = file
    return files


def _best_encoding(scope: Scope, file: _File) -> str | None:
    accepted = _header(scope, b"accept-encoding")
    names = {each.partition(";")[0].strip() for each in accepted.lower().split(",")}
    return next((each for each in file.pressed if each in names), None)


def _header(scope: Scope, wanted: bytes) -> str:
    headers = scope["headers"]
    assert isinstance(headers, list | tuple)
    return ",".join(value.decode("latin-1") for name, value in headers if name.lower() == wanted)


async def _answer(
    scope: Scope, send: Send, status: HTTPStatus, headers: Mapping[str, str], body: bytes
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    sent.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status.value, "headers": sent})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
