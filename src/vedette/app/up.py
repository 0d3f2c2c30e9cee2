"""`vedette up`: open the stores, start the doors and the digester, stop them in order."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vedette.api.services import ApiServices
from vedette.app.data_folder import DataFolder, prepare_folder
from vedette.app.first_start import (
    FirstProject,
    Shown,
    ensure_first_project,
    ensure_owner,
    renew_local_token,
)
from vedette.app.folder_lock import FolderLock
from vedette.app.front import Front
from vedette.app.housekeeping import Housekeeping
from vedette.app.http_server import HttpServer
from vedette.app.running_state import RunningState
from vedette.app.server_file import ServerNote, write_note
from vedette.app.settings import Settings
from vedette.app.sockets import bind, is_loopback, port_of
from vedette.app.stores import Stores, open_stores
from vedette.base.clock import SystemClock
from vedette.base.ids import RandomIds
from vedette.base.tasks import spawn
from vedette.ingest.byte_budget import ByteBudget
from vedette.ingest.digester import Digester, DigestTools
from vedette.ingest.door import Door
from vedette.ingest.door_tally import DoorTally, write_outcomes
from vedette.ingest.door_tools import DoorLimits, DoorTools
from vedette.ingest.door_watch import DoorWatch
from vedette.ingest.grpc_door import GrpcDoor
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.quarantine import Quarantine
from vedette.ingest.quota_gate import QuotaGate
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.record import RecordKind, RecordMeta
from vedette.native import Decoder, GrpcServer
from vedette.storage.journal.port import JournalError

logger = logging.getLogger(__name__)

TALLY_EVERY_S: Final = 1.0
DRAIN_S: Final = 2.5
"""How long stopping waits for the digester; what is left is safe in the journal."""

PAST_NS_MAX: Final = 30 * 86_400 * 1_000_000_000
FUTURE_NS_MAX: Final = 86_400 * 1_000_000_000


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
        scheme, _, host = self.url.partition("://")
        return f"{scheme}://{self.first.key.public_key}@{host}/{self.first.project.project_id}"


@dataclass(slots=True)
class _Listeners:
    main: socket.socket
    otlp_http: socket.socket
    otlp_grpc: socket.socket


class RunningServer:
    """Everything that runs, from `__init__` to `stop`."""

    def __init__(self, settings: Settings, folder: DataFolder, stores: Stores) -> None:
        self._clock, self._ids = SystemClock(), RandomIds()
        self._settings, self._stores = settings, stores
        self.first = ensure_first_project(stores.metadata, self._clock, self._ids)
        self.owner, self.shown = ensure_owner(stores.metadata, self._clock, self._ids)
        self.local_token = renew_local_token(stores.metadata, self.owner, self._clock, self._ids)
        self._listeners = _bind_all(settings)
        self.url = settings.public_url.rstrip("/") or _url(settings.host, self._listeners.main)
        keys = KeyRing(stores.metadata, self._clock)
        keys.refresh()
        self._keys = keys
        self._tally = DoorTally()
        quarantine = Quarantine(stores.blobs)
        self._digester = Digester(
            DigestTools(
                journal=stores.journal,
                ledger=stores.metadata,
                telemetry=stores.telemetry,
                keys=keys,
                decoder=make_decoder(),
                quarantine=quarantine,
                clock=self._clock,
                unpacked_bytes_max=settings.unpacked_bytes_max,
            )
        )
        self._housekeeping = Housekeeping(
            stores.telemetry, settings, Path(settings.data), self._clock
        )
        self._watch = DoorWatch(
            stores.journal,
            lambda: self._digester.finished_up_to,
            float(settings.journal_age_s_max),
            self._clock,
        )
        tools = self._door_tools()
        self._grpc_door = GrpcDoor(tools)
        state = RunningState(
            settings=settings,
            folder=folder,
            stores=stores,
            digester=self._digester,
            housekeeping=self._housekeeping,
            quarantine=quarantine,
            clock=self._clock,
            started_ns=self._clock.now_ns(),
            url=self.url,
        )
        services = ApiServices(
            telemetry=stores.telemetry,
            keeper=stores.telemetry,
            metadata=stores.metadata,
            blobs=stores.blobs,
            clock=self._clock,
            ids=self._ids,
            state=state,
        )
        door = Door(tools)
        self._front = Front(door, services)
        self._main = HttpServer(self._front, self._listeners.main)
        self._otlp = HttpServer(door, self._listeners.otlp_http)
        self._grpc: GrpcServer | None = None

    def _door_tools(self) -> DoorTools:
        settings = self._settings
        limits = DoorLimits(
            packed_bytes_max=settings.packed_bytes_max,
            unpacked_bytes_max=settings.unpacked_bytes_max,
            anonymous_loopback=_is_anonymous_allowed(settings),
            trusted_proxies=tuple(
                each.strip() for each in settings.trusted_proxies.split(",") if each.strip()
            ),
        )
        return DoorTools(
            keys=self._keys,
            gate=QuotaGate(self._clock),
            tally=self._tally,
            journal=self._stores.journal,
            clock=self._clock,
            ids=self._ids,
            limits=limits,
            budget=ByteBudget(limits.memory_bytes_max),
            watch=self._watch,
        )

    def pause_digesting(self) -> None:
        """Take bodies in but digest none, for maintenance; `vedette digest pause` asks for it."""
        logger.warning("digesting is paused on request")
        self._digester.pause()

    def resume_digesting(self) -> None:
        """Go on with what waits in the journal."""
        logger.warning("digesting goes on")
        self._digester.resume()

    def ready(self) -> Ready:
        """Return what is to be told."""
        host = self._settings.host
        assert self._grpc is not None
        return Ready(
            url=self.url,
            otlp_http=_url(host, self._listeners.otlp_http),
            otlp_grpc=f"http://{_shown_host(host)}:{self._grpc.port}",
            data=self._settings.data,
            first=self.first,
            shown=self.shown,
        )

    async def run(self, tell: Callable[[Ready], None], stopping: asyncio.Event) -> bool:
        """Serve until `stopping` is set; false if something accepted is still to be digested."""
        self._digester.start()
        self._housekeeping.start()
        grpc_port = port_of(self._listeners.otlp_grpc)
        self._listeners.otlp_grpc.close()
        self._grpc = GrpcServer(
            self._settings.host,
            grpc_port,
            self._stores.journal.native,
            self._grpc_door.admit,
            self._settings.packed_bytes_max,
        )
        servers = [
            asyncio.ensure_future(each.run_until_told()) for each in (self._main, self._otlp)
        ]
        await asyncio.gather(self._main.is_serving.wait(), self._otlp.is_serving.wait())
        _ = spawn(self._write_tally(stopping), name="tally")
        tell(self.ready())
        await stopping.wait()
        return await self._stop(servers)

    async def _stop(self, servers: Sequence[asyncio.Future[None]]) -> bool:
        logger.info("stopping: no more bodies are taken in")
        self._main.should_exit = self._otlp.should_exit = True
        if self._grpc is not None:
            await asyncio.to_thread(self._grpc.stop, 1.0)
        await asyncio.gather(*servers)
        await asyncio.to_thread(self._front.close)
        await self._write_tally_once()
        self._housekeeping.stop()
        return await asyncio.to_thread(self._digester.stop, wait_s=DRAIN_S)

    async def _write_tally(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            await asyncio.sleep(TALLY_EVERY_S)
            self._keys.refresh()
            self._watch.look()
            await self._write_tally_once()

    async def _write_tally_once(self) -> None:
        outcomes = self._tally.take()
        if not outcomes:
            return
        meta = RecordMeta(RecordKind.OUTCOMES, 0, 0, self._clock.now_ns())
        try:
            await self._stores.journal.append(meta, write_outcomes(outcomes))
        except JournalError as error:
            logger.warning("counts of refused items wait for the journal: %s", error)
            for each in outcomes:
                self._tally.count(each)


def run_server(settings: Settings, tell: Callable[[Ready], None]) -> bool:
    """Run the server until SIGINT or SIGTERM.

    Returns:
        Whether all that was accepted is digested; if not, the next start does it.
    """
    folder = prepare_folder(settings.data)
    with FolderLock(folder.path):
        stores = open_stores(settings, folder)
        try:
            return _run(settings, folder, stores, tell)
        finally:
            folder.server_file.unlink(missing_ok=True)
            stores.close()


def _run(
    settings: Settings, folder: DataFolder, stores: Stores, tell: Callable[[Ready], None]
) -> bool:
    server = RunningServer(settings, folder, stores)

    def tell_and_note(ready: Ready) -> None:
        import os  # noqa: PLC0415 - only the process id is wanted

        write_note(folder.server_file, ServerNote(ready.url, os.getpid(), server.local_token))
        tell(ready)

    async def until_signal() -> bool:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stopping.set)
        loop.add_signal_handler(signal.SIGUSR1, server.pause_digesting)
        loop.add_signal_handler(signal.SIGUSR2, server.resume_digesting)
        return await server.run(tell_and_note, stopping)

    import uvloop  # noqa: PLC0415 - not needed by any other command

    return uvloop.run(until_signal())


def make_decoder() -> Decoder:
    """Return the decoder with our columns and time window."""
    return Decoder(SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS, PAST_NS_MAX, FUTURE_NS_MAX)


def _bind_all(settings: Settings) -> _Listeners:
    bound: list[socket.socket] = []
    try:
        for port, purpose in (
            (settings.port, "port"),
            (settings.otlp_http_port, "otlp http port"),
            (settings.otlp_grpc_port, "otlp grpc port"),
        ):
            bound.append(bind(settings.host, port, purpose=purpose))
    except BaseException:
        for each in bound:
            each.close()
        raise
    return _Listeners(*bound)


def _is_anonymous_allowed(settings: Settings) -> bool:
    if settings.anonymous_loopback == "auto":
        return is_loopback(settings.host)
    return settings.anonymous_loopback in ("on", "true", "1", "yes")


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - shown, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _url(host: str, listener: socket.socket) -> str:
    return f"http://{_shown_host(host)}:{port_of(listener)}"
