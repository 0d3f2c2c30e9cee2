"""Relays TCP to the server and keeps the bytes that clients wrote: shows how an SDK transfers."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES: Final = 64 * 1024


class Wiretap:
    """A port of its own in front of the server's."""

    def __init__(self, server_url: str) -> None:
        address = urlsplit(server_url)
        self._target = (str(address.hostname), int(address.port or 80))
        self._lock = threading.Lock()
        self._written = bytearray()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.netloc = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def seen(self, text: str) -> bool:
        """Tell whether a client wrote this, whatever the case."""
        with self._lock:
            return text.lower().encode() in bytes(self._written).lower()

    def through(self, url: str) -> str:
        """Return an address or a DSN that leads through here."""
        parts = urlsplit(url)
        user, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user}{at}{self.netloc}"))

    def close(self) -> None:
        """End everything that is still open."""
        self._listener.close()
        with self._lock:
            open_sockets = list(self._open)
        for each in open_sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                with self._lock:
                    self._open += [client, server]
                for relay, pair in ((self._to_server, (client, server)), (_copy, (server, client))):
                    threading.Thread(target=relay, args=pair, daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        _copy(client, server, self._note)

    def _note(self, data: bytes) -> None:
        with self._lock:
            self._written += data


def _copy(
    source: socket.socket, target: socket.socket, note: Callable[[bytes], None] = lambda _: None
) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK_BYTES):
            note(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def wiretap(server_url: str) -> Iterator[Wiretap]:
    """Listen in for the length of a block."""
    tap = Wiretap(server_url)
    try:
        yield tap
    finally:
        tap.close()
