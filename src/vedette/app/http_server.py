"""Serve an ASGI application on a bound socket, without a say in signals or logging."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeAlias

import uvicorn
from typing_extensions import override

from vedette.app.http_connection import BoundedConnection
from vedette.ingest.http_answer import Receive, Scope, Send

Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

CONNECTION_COUNT_MAX = 2_000
"""Open connections on one port; more are answered 503 rather than kept waiting."""

# It warns of every request that is no HTTP: strangers could fill the disk with such lines.
logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


class HttpServer(uvicorn.Server):
    """One listening socket."""

    def __init__(self, application: Application, listener: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                loop="none",
                http=BoundedConnection,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=True,
                # The peer's address is judged at the door, by the trusted proxies setting.
                proxy_headers=False,
                limit_concurrency=CONNECTION_COUNT_MAX,
                timeout_keep_alive=30,
                backlog=1_024,
                timeout_graceful_shutdown=2,
            )
        )
        self._listener = listener
        self.is_serving = asyncio.Event()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the wiring, which has more than this server to stop."""
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept, and say so."""
        await super().startup(sockets)
        self.is_serving.set()

    async def run_until_told(self) -> None:
        """Serve until `should_exit` is set."""
        await self.serve(sockets=[self._listener])
