"""message-sink: an SMTP server and an HTTP server that keep what they are given.

POST /sms and /push take {"to", "text"}; with ?refuse=true they answer 503, as a provider in
trouble does. GET /messages lists the last ones, GET / shows them as a page.
"""

import html
import json
import os
import threading
from collections import deque
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_COUNT_MAX: Final = 1000
BODY_BYTES_MAX: Final = 64 * 1024
HOST: Final = os.environ.get("LISTEN_HOST") or "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Message:
    """One message, whatever road it came by."""

    road: str
    to: str
    text: str
    trace: str


messages: deque[Message] = deque(maxlen=MESSAGE_COUNT_MAX)


class MailHandler:
    """Keeps every mail."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        text = f"{mail['Subject']}: {body.get_content().strip() if body else ''}"
        messages.append(Message("mail", ", ".join(envelope.rcpt_tos), text, str(mail["X-Trace-Id"] or "")))
        return "250 kept"


class HttpHandler(BaseHTTPRequestHandler):
    """Keeps every SMS and push message."""

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MAX)
        body = self.rfile.read(length)
        if address.path not in {"/sms", "/push", "/webhook"}:
            self._answer(404, b'{"error": "messages go to /sms, /push or /webhook"}')
            return
        if parse_qs(address.query).get("refuse") == ["true"]:
            self._answer(503, b'{"error": "the operator\'s network is down"}')
            return
        trace = (self.headers.get("traceparent") or "").split("-")
        road, (to, text) = address.path.removeprefix("/"), _read(body)
        messages.append(Message(road, to, text, trace[1] if len(trace) == 4 else ""))
        self._answer(202, b'{"status": "kept"}')

    def do_GET(self) -> None:
        match urlsplit(self.path).path:
            case "/healthz":
                self._answer(200, b'{"status": "ok"}')
            case "/messages":
                self._answer(200, json.dumps([asdict(message) for message in messages]).encode())
            case "/":
                self._answer(200, _page().encode(), "text/html; charset=utf-8")
            case _:
                self._answer(404, b'{"error": "not found"}')

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Requests are not worth a line each."""


def _read(body: bytes) -> tuple[str, str]:
    try:
        read = json.loads(body)
        return str(read.get("to", "")), str(read.get("text", body.decode(errors="replace")))
    except (ValueError, AttributeError):
        return "", body.decode(errors="replace")


def _page() -> str:
    rows = "".join(
        f"<tr><td>{html.escape(message.road)}<td>{html.escape(message.to)}<td>{html.escape(message.text)}"
        f"<td><code>{html.escape(message.trace)}</code>"
        for message in reversed(messages)
    )
    return (
        "<!doctype html><title>Messages</title><style>body{font:14px system-ui;margin:2rem}"
        "td,th{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #ddd}</style>"
        f"<h1>Messages</h1><table><tr><th>road<th>to<th>text<th>trace{rows}</table>"
    )


def main() -> None:
    """Serve until the process is told to end."""
    mail = Controller(
        MailHandler(), hostname=HOST, port=int(os.environ.get("MESSAGE_SINK_SMTP_PORT") or 8025)
    )
    mail.start()
    web = ThreadingHTTPServer((HOST, int(os.environ.get("MESSAGE_SINK_PORT") or 8088)), HttpHandler)
    threading.current_thread().name = "http"
    try:
        web.serve_forever()
    finally:
        mail.stop()


if __name__ == "__main__":
    main()
