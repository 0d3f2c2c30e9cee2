"""A small real web server for the browser tests: pages, the module, an API, the span door."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from typing_extensions import override

from waymark.browser_door import read_browser_module, read_browser_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan

PAGE = """<!doctype html><meta charset="utf-8"><title>page</title>
<meta name="traceparent" content="{traceparent}"><p>a page</p>"""


class Pages(ThreadingHTTPServer):
    """Keeps the spans that were posted and the trace headers that API calls brought."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.traceparent = ""
        self.door_status = 200
        self.bodies: list[bytes] = []
        self.spans: list[ReadableSpan] = []
        self.faults: list[str] = []
        self.api_traceparents: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = self._pages()
        if self.path == "/waymark.js":
            self._answer(200, "text/javascript", read_browser_module())
        elif self.path.startswith("/api/"):
            pages.api_traceparents.append(self.headers.get("traceparent"))
            self._answer(500 if self.path == "/api/broken" else 200, "application/json", "{}")
        else:
            self._answer(200, "text/html", PAGE.format(traceparent=pages.traceparent))

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self._allow_everybody()
        self.end_headers()

    def do_POST(self) -> None:
        pages = self._pages()
        body = self.rfile.read(int(self.headers["content-length"]))
        if pages.door_status == 200:
            read = read_browser_spans(body, service_name="page", now_ns=time.time_ns())
            pages.bodies.append(body)
            pages.spans.extend(read.spans)
            pages.faults.extend(read.faults)
        self._answer(pages.door_status, "application/json", "{}")

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""

    def _pages(self) -> Pages:
        assert isinstance(self.server, Pages)
        return self.server

    def _allow_everybody(self) -> None:
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-headers", "*")

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self._allow_everybody()
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def pages_served() -> Iterator[Pages]:
    pages = Pages()
    thread = threading.Thread(target=pages.serve_forever, daemon=True)
    thread.start()
    yield pages
    pages.shutdown()
    pages.server_close()
    thread.join()
