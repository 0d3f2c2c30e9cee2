"""`vedette up`: open the stores, start the doors and the digester, stop them in order."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import uvloop

from vedette.app.assembly import assemble
from vedette.app.data_folder import DataFolder, prepare_folder
from vedette.app.descriptors import raise_descriptor_limit
from vedette.app.first_start import (
    FirstProject,
    Shown,
    ensure_first_project,
    ensure_owner,
    renew_local_token,
)
from vedette.app.folder_lock import FolderLock
from vedette.app.front import Front
from vedette.app.http_server import HttpServer
from vedette.app.server_file import ServerNote, write_note
from vedette.app.settings import Settings
from vedette.app.sockets import bind, bind_grpc, port_of
from vedette.app.stores import Stores, open_stores
from vedette.base.clock import SystemClock
from vedette.base.ids import RandomIds
from vedette.base.tasks import spawn
from vedette.ingest.door import Door
from vedette.ingest.door_tally import write_outcomes
from vedette.ingest.grpc_door import GrpcDoor
from vedette.model.record import RecordKind, RecordMeta
from vedette.native import GrpcListener, GrpcServer
from vedette.storage.journal.port import JournalError

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
"""How often keys, lag and the counts of refused items are looked after."""

DRAIN_S: Final = 2.5
"""From the signal on: how long stopping waits for the digester to take what is in the journal. What
is left is safe there; the doors may have taken some of the time, and all must end within 5 s."""

GRPC_GRACE_S: Final = 1.0
SWITCH_S: Final = 0.0005
GARBAGE_THRESHOLD: Final = 100_000


@dataclass(frozen=True, slots=True)
class Ready:
    """What is told when the server is ready."""

    url: str
    otlp_http: str
    otlp_grpc: str
    data: str
    first: FirstProject
    shown: Shown | None

    @property
    def dsn(self) -> str:
        """Where Sentry SDKs send."""
        return self.first.key.dsn(self.url)


@dataclass(frozen=True, slots=True)
class _Listeners:
    main: socket.socket
    otlp_http: socket.socket
    otlp_grpc: GrpcListener


class RunningServer:
    """Everything that runs, from `run` to its end."""

    def __init__(self, settings: Settings, folder: DataFolder, stores: Stores) -> None:
        clock, ids = SystemClock(), RandomIds()
        self._settings, self._stores, self._clock = settings, stores, clock
        self._first = ensure_first_project(stores.metadata, clock, ids)
        owner, self._shown = ensure_owner(stores.metadata, clock, ids)
        self.local_token = renew_local_token(stores.metadata, owner, clock, ids)
        self._listeners = _bind_all(settings)
        self._url = settings.public_url.rstrip("/") or _url(settings.host, self._listeners.main)
        self._parts = assemble(settings, folder, stores, self._url)
        door = Door(self._parts.tools)
        self._front = Front(door, self._parts.services)
        self._http = (
            HttpServer(self._front, self._listeners.main),
            HttpServer(door, self._listeners.otlp_http),
        )

    def pause_digesting(self) -> None:
        """Take bodies in but digest none, for maintenance; `vedette digest pause` asks for it."""
        logger.warning("digesting is paused on request")
        self._parts.digester.pause()

    def resume_digesting(self) -> None:
        """Go on with what waits in the journal."""
        logger.warning("digesting goes on")
        self._parts.digester.resume()

    async def run(self, tell: Callable[[Ready], None], stopping: asyncio.Event) -> bool:
        """Serve until `stopping` is set; false if something accepted is still to be digested."""
        for damage in self._stores.journal.damage():
            logger.warning("the journal is damaged: %s", damage)
        self._parts.digester.start()
        self._parts.housekeeping.start()
        self._parts.issue_worker.start()
        self._parts.calls.start()
        self._parts.detection.start()
        grpc = self._start_grpc()
        servers = [asyncio.ensure_future(each.run_until_told()) for each in self._http]
        await asyncio.gather(*(each.is_serving.wait() for each in self._http))
        _ = spawn(self._look_after(stopping), name="look after")
        tell(self._ready(grpc.port))
        await stopping.wait()
        return await self._stop(servers, grpc)

    def _start_grpc(self) -> GrpcServer:
        door = GrpcDoor(self._parts.tools)
        return GrpcServer(
            self._listeners.otlp_grpc,
            self._stores.journal.native,
            door.admit,
            door.turned_away,
            self._settings.packed_bytes_max,
            self._settings.unpacked_bytes_max,
        )

    def _ready(self, grpc_port: int) -> Ready:
        host = self._settings.host
        return Ready(
            url=self._url,
            otlp_http=_url(host, self._listeners.otlp_http),
            otlp_grpc=f"http://{_shown_host(host)}:{grpc_port}",
            data=self._settings.data,
            first=self._first,
            shown=self._shown,
        )

    async def _stop(self, servers: Sequence[asyncio.Future[None]], grpc: GrpcServer) -> bool:
        logger.info("stopping: no more bodies are taken in")
        for each in self._http:
            each.should_exit = True
        begun_s = self._clock.monotonic_s()
        await asyncio.gather(asyncio.to_thread(grpc.stop, GRPC_GRACE_S), *servers)
        await asyncio.to_thread(self._front.close)
        await self._write_tally()
        await asyncio.to_thread(self._parts.detection.stop)
        await asyncio.to_thread(self._parts.issue_worker.stop)
        await asyncio.to_thread(self._parts.housekeeping.stop)
        self._parts.services.uploads.stop()
        await asyncio.to_thread(self._parts.calls.stop)
        left_s = max(0.0, DRAIN_S - (self._clock.monotonic_s() - begun_s))
        return await asyncio.to_thread(self._parts.digester.stop, wait_s=left_s)

    async def _look_after(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            await asyncio.sleep(LOOK_EVERY_S)
            await asyncio.to_thread(self._parts.keys.refresh)
            await asyncio.to_thread(self._parts.watch.look)
            await self._write_tally()

    async def _write_tally(self) -> None:
        tally = self._parts.tools.tally
        outcomes = tally.take()
        if not outcomes:
            return
        meta = RecordMeta(RecordKind.OUTCOMES, 0, 0, self._clock.now_ns())
        try:
            await self._stores.journal.append(meta, write_outcomes(outcomes))
        except JournalError as error:
            logger.warning("counts of refused items wait for the journal: %s", error)
            for each in outcomes:
                tally.count(each)


def run_server(settings: Settings, tell: Callable[[Ready], None]) -> bool:
    """Run the server until SIGINT or SIGTERM.

    Returns:
        Whether all that was accepted is digested; if not, the next start does it.
    """
    raise_descriptor_limit()
    folder = prepare_folder(settings.data)
    with FolderLock(folder.path):
        stores = open_stores(settings, folder)
        try:
            server = RunningServer(settings, folder, stores)
            _tune_interpreter()
            return uvloop.run(_until_signal(server, folder, tell))
        finally:
            folder.server_file.unlink(missing_ok=True)
            stores.close()


async def _until_signal(
    server: RunningServer, folder: DataFolder, tell: Callable[[Ready], None]
) -> bool:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopping.set)
    loop.add_signal_handler(signal.SIGUSR1, server.pause_digesting)
    loop.add_signal_handler(signal.SIGUSR2, server.resume_digesting)

    def tell_and_note(ready: Ready) -> None:
        write_note(folder.server_file, ServerNote(ready.url, os.getpid(), server.local_token))
        tell(ready)

    return await server.run(tell_and_note, stopping)


def _tune_interpreter() -> None:
    # The door must not wait long while the digester holds the interpreter.
    sys.setswitchinterval(SWITCH_S)
    # What was imported stays; the trees of events come and go without cycles, by the thousand.
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 100)


def _bind_all(settings: Settings) -> _Listeners:
    with contextlib.ExitStack() as undo:
        main = bind(settings.host, settings.port, purpose="port")
        undo.callback(main.close)
        otlp_http = bind(settings.host, settings.otlp_http_port, purpose="otlp http port")
        undo.callback(otlp_http.close)
        otlp_grpc = bind_grpc(settings.host, settings.otlp_grpc_port, purpose="otlp grpc port")
        undo.pop_all()
    return _Listeners(main, otlp_http, otlp_grpc)


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - shown, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _url(host: str, listener: socket.socket) -> str:
    return f"http://{_shown_host(host)}:{port_of(listener)}"
