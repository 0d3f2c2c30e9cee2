"""A real SMTP server that keeps mail in a Maildir, and a page that shows it."""

from __future__ import annotations

import email
import mailbox
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.policy import default as modern
from html import escape
from typing import TYPE_CHECKING, Final

from aiosmtpd.controller import Controller
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session
    from starlette.requests import Request
    from starlette.responses import Response

MAIL_BYTES_MAX: Final = 2 * 1024 * 1024
MAIL_COUNT_SHOWN: Final = 50


@dataclass(frozen=True)
class MaildirHandler:
    """Called by aiosmtpd for every mail."""

    folder: mailbox.Maildir

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep it."""
        content = envelope.content or b""
        self.folder.add(content if isinstance(content, bytes) else content.encode())
        return "250 Kept"


def create() -> Starlette:
    """The sink, told by three variables where to keep mail and where to listen."""
    folder = mailbox.Maildir(os.environ["TICKETING_MAIL_FOLDER"])
    smtp = Controller(
        MaildirHandler(folder),
        hostname="127.0.0.1",
        port=int(os.environ["TICKETING_SMTP_PORT"]),
        data_size_limit=MAIL_BYTES_MAX,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        smtp.start()
        yield
        smtp.stop()

    async def listing(_request: Request) -> Response:
        rows = "".join(
            f"<li><strong>{escape(one['subject'])}</strong> to {escape(one['to'])}"
            f"<pre>{escape(one['text'])}</pre></li>"
            for one in _newest(folder)
        )
        page = "<!doctype html><html lang=en><meta charset=utf-8><title>Mail</title>"
        return HTMLResponse(f"{page}<h1>Mail</h1><ol>{rows or '<li>No mail yet.</li>'}</ol>")

    async def as_json(_request: Request) -> Response:
        return JSONResponse(_newest(folder))

    async def health(_request: Request) -> Response:
        return JSONResponse({"site": "mail", "status": "ok"})

    routes = [Route("/", listing), Route("/api/mails", as_json), Route("/healthz", health)]
    return Starlette(routes=routes, lifespan=lifespan)


def _newest(folder: mailbox.Maildir) -> list[dict[str, str]]:
    keys = sorted(folder.keys(), reverse=True)[:MAIL_COUNT_SHOWN]
    return [_shown(email.message_from_bytes(folder.get_bytes(key), policy=modern)) for key in keys]


def _shown(mail: EmailMessage) -> dict[str, str]:
    body = mail.get_body(("plain",))
    return {
        "to": str(mail["To"]),
        "subject": str(mail["Subject"]),
        "text": str(body.get_content()) if body is not None else "",
        "attachments": ", ".join(part.get_filename() or "" for part in mail.iter_attachments()),
    }
