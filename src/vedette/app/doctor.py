"""`vedette doctor`: look at everything the server needs, and say what is wrong and what to do."""

import importlib.metadata
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vedette.app.data_folder import DataFolder, FolderUnusable, prepare_folder
from vedette.app.folder_lock import holder_of
from vedette.app.settings import SettingFault, Settings
from vedette.app.sockets import PortUnusable, bind
from vedette.app.stores import open_blobs, open_metadata_store
from vedette.storage.blobs.port import BlobError
from vedette.storage.metadata.port import MetadataError
from vedette.storage.telemetry.chdb_store import EngineLimits, engine_version_of, open_telemetry
from vedette.storage.telemetry.port import TelemetryError

YEAR_2024_S: Final = 1_704_067_200


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw."""

    check: str
    is_fine: bool
    text: str


def examine(settings: Settings) -> list[Finding]:
    """Check everything. A running server on the folder is not disturbed."""
    try:
        folder = prepare_folder(settings.data)
    except FolderUnusable as error:
        return [Finding("data folder", is_fine=False, text=str(error))]
    holder = holder_of(folder.path)
    findings = [
        Finding("data folder", is_fine=True, text=f"{folder.path}, private"),
        _lock(holder),
        _disk(settings, folder.path),
        _clock(),
        _stores("metadata", lambda: open_metadata_store(settings, folder).close()),
        _stores("blobs", lambda: open_blobs(settings, folder).check()),
        _engine(settings, folder, holder),
        _packages(),
        Finding("mail", is_fine=True, text="outgoing mail is not used by this version"),
    ]
    if holder is None:
        findings += _ports(settings)
    return findings


def findings_text(findings: Sequence[Finding]) -> str:
    """Return the findings as people read them."""
    return "\n".join(
        f"{'ok   ' if each.is_fine else 'WRONG'}  {each.check}: {each.text}" for each in findings
    )


def _lock(holder: int | None) -> Finding:
    text = "free" if holder is None else f"held by process {holder}: the server is running"
    return Finding("lock", is_fine=True, text=text)


def _disk(settings: Settings, path: Path) -> Finding:
    free, floor = shutil.disk_usage(path).free, settings.disk_free_bytes_min
    if free >= floor:
        return Finding("disk", is_fine=True, text=f"{free // 2**20} MiB free")
    text = (
        f"{free // 2**20} MiB free, nothing is taken in below {floor // 2**20} MiB; "
        "make room or lower disk_free_bytes_min"
    )
    return Finding("disk", is_fine=False, text=text)


def _clock() -> Finding:
    now_s = time.time()  # noqa: TID251 - the machine's own clock is what is examined
    if now_s > YEAR_2024_S:
        return Finding("clock", is_fine=True, text="plausible")
    return Finding("clock", is_fine=False, text="before 2024: set it, or every event looks too new")


def _stores(name: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except (MetadataError, BlobError, SettingFault) as error:
        return Finding(name, is_fine=False, text=str(error))
    return Finding(name, is_fine=True, text="answers")


def _engine(settings: Settings, folder: DataFolder, holder: int | None) -> Finding:
    if holder is not None:
        return Finding(
            "engine", is_fine=True, text="in use by the running server; see `vedette status`"
        )
    try:
        limits = EngineLimits(memory_bytes_max=settings.engine_memory_bytes_max)
        store = open_telemetry(
            folder.telemetry, limits, has_attribute_index=settings.attribute_index
        )
        store.close()
    except TelemetryError as error:
        return Finding("engine", is_fine=False, text=str(error))
    return Finding(
        "engine", is_fine=True, text=f"opens, version {engine_version_of(folder.telemetry)}"
    )


def _packages() -> Finding:
    return Finding("version", is_fine=True, text=f"vedette {importlib.metadata.version('vedette')}")


def _ports(settings: Settings) -> list[Finding]:
    findings = []
    for port, purpose in (
        (settings.port, "port"),
        (settings.otlp_http_port, "otlp http port"),
        (settings.otlp_grpc_port, "otlp grpc port"),
    ):
        try:
            bind(settings.host, port, purpose=purpose).close()
            findings.append(Finding(purpose, is_fine=True, text=f"{settings.host}:{port} is free"))
        except PortUnusable as error:
            findings.append(Finding(purpose, is_fine=False, text=str(error)))
    return findings
