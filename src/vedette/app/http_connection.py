"""One HTTP connection whose sender has only so much time, and so many bytes for the head."""

import asyncio
from typing import Final

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX: Final = 64 * 1024
"""Request line and headers of a request; a piece read at once from the socket may pass it."""

HEAD_S_MAX: Final = 10.0
"""From the connection or the last answer to the end of the head, once anything came."""

REQUEST_S_MAX: Final = 60.0
"""From the begin to the end of a request: whoever is slower holds memory that others need."""

_HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class BoundedConnection(HttpToolsProtocol):
    """The web server's connection, with the bounds that it does not have itself."""

    _is_in_head = True
    _is_in_body = False
    _head_count = 0
    _head_bytes = 0
    _deadline: asyncio.TimerHandle | None = None
    _deadline_is_for_head = True

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its base does: only streams come here
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._set_deadline(is_for_head=True)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._clear_deadline()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Read on, within the bounds."""
        was_in_head, head_count = self._is_in_head, self._head_count
        super().data_received(data)
        if self.transport.is_closing():
            return
        if was_in_head and self._is_in_head and self._head_count == head_count:
            self._head_bytes += len(data)
        else:
            self._head_bytes = 0
        if self._head_bytes > HEAD_BYTES_MAX:
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()
        elif self._is_in_body:
            self._set_deadline(is_for_head=False)
        elif self._head_count == 0 or self.cycle.response_complete or self._head_bytes:
            self._set_deadline(is_for_head=True)
        else:
            self._clear_deadline()

    @override
    def on_headers_complete(self) -> None:
        """Note the end of the head."""
        self._is_in_head, self._is_in_body = False, True
        self._head_count += 1
        super().on_headers_complete()

    @override
    def on_message_complete(self) -> None:
        """Note the end of the request."""
        self._is_in_head, self._is_in_body = True, False
        self._clear_deadline()
        super().on_message_complete()

    def _set_deadline(self, *, is_for_head: bool) -> None:
        # One that runs is not moved by a trickle of bytes.
        if self._deadline is not None and self._deadline_is_for_head is is_for_head:
            return
        self._clear_deadline()
        self._deadline_is_for_head = is_for_head
        length_s = HEAD_S_MAX if is_for_head else REQUEST_S_MAX
        self._deadline = self.loop.call_later(length_s, self._end)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        self._deadline = None
        # Not `close`: that would wait for a reader who may be as slow.
        self.transport.abort()
