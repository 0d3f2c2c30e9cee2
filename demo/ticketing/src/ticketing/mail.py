"""Send tickets by mail, over SMTP as everybody does."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import anyio.to_thread

if TYPE_CHECKING:
    from collections.abc import Mapping

SMTP_TIMEOUT_S: Final = 3.0
"""The buyer waits for the answer; a slow mail server must not keep them."""

SENDER: Final = "Pass Lounge <tickets@pass-lounge.example>"


@dataclass(frozen=True, slots=True)
class Mailer:
    """Knows the mail server."""

    host: str
    port: int

    async def send(
        self, *, to: str, subject: str, text: str, pictures: Mapping[str, bytes]
    ) -> None:
        """Raises `OSError` or `smtplib.SMTPException` when the server does not take it."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = SENDER, to, subject
        message.set_content(text)
        for name, picture in pictures.items():
            message.add_attachment(picture, maintype="image", subtype="png", filename=name)
        await anyio.to_thread.run_sync(self._send, message)

    def _send(self, message: EmailMessage) -> None:
        with smtplib.SMTP(self.host, self.port, timeout=SMTP_TIMEOUT_S) as server:
            server.send_message(message)
