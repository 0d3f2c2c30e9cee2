"""Which adapter stands behind each port, by the settings."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vedette.app.data_folder import DataFolder
from vedette.app.settings import SettingFault, Settings
from vedette.storage.blobs.folder import FolderBlobs
from vedette.storage.blobs.port import Blobs
from vedette.storage.blobs.s3 import S3Blobs, S3Place
from vedette.storage.journal.local import LocalJournal
from vedette.storage.journal.port import JournalLimits
from vedette.storage.metadata.port import Metadata
from vedette.storage.metadata.store import open_metadata
from vedette.storage.telemetry.chdb_store import EngineLimits, open_telemetry
from vedette.storage.telemetry.port import Telemetry

_WAITING_BYTES_MAX: Final = 128 * 1024 * 1024
"""Bodies between the door and the disk: what a stalled disk may cost in memory."""


@dataclass(frozen=True, slots=True)
class Stores:
    """All four, open."""

    metadata: Metadata
    telemetry: Telemetry
    blobs: Blobs
    journal: LocalJournal

    def close(self) -> None:
        """Close what was opened, the journal first: it takes nothing more."""
        self.journal.close()
        self.telemetry.close()
        self.metadata.close()


def open_metadata_store(settings: Settings, folder: DataFolder) -> Metadata:
    """Open the metadata alone: all that most commands need, beside a running server too.

    Raises:
        SettingFault: The setting names no database that we know.
    """
    try:
        return open_metadata(settings.metadata_url or folder.metadata_url)
    except ValueError as error:
        raise SettingFault(f"metadata_url: {error}") from None


def open_blobs(settings: Settings, folder: DataFolder) -> Blobs:
    """Open the blob store.

    Raises:
        SettingFault: The setting names no bucket.
    """
    if not settings.blobs_url:
        return FolderBlobs(folder.blobs)
    url = urlsplit(settings.blobs_url)
    if url.scheme != "s3" or not url.netloc:
        raise SettingFault(f"blobs_url is {settings.blobs_url!r}; expected s3://bucket")
    return S3Blobs(
        S3Place(
            bucket=url.netloc,
            endpoint=settings.blobs_endpoint or f"https://s3.{settings.blobs_region}.amazonaws.com",
            region=settings.blobs_region,
            access_key=settings.blobs_access_key,
            secret_key=settings.blobs_secret_key,
        )
    )


def open_stores(settings: Settings, folder: DataFolder) -> Stores:
    """Open all four; when one cannot be opened, those before it are closed again."""
    metadata = open_metadata_store(settings, folder)
    try:
        telemetry = open_telemetry(
            folder.telemetry,
            EngineLimits(
                memory_bytes_max=settings.engine_memory_bytes_max,
                query_memory_bytes_max=settings.question_memory_bytes_max,
                query_s_max=settings.question_s_max,
                query_row_count_max=settings.question_row_count_max,
            ),
            has_attribute_index=settings.attribute_index,
        )
    except BaseException:
        metadata.close()
        raise
    try:
        blobs = open_blobs(settings, folder)
        journal = LocalJournal.open(
            folder.journal,
            JournalLimits(
                bytes_max=settings.journal_bytes_max,
                disk_free_bytes_min=settings.disk_free_bytes_min,
                waiting_bytes_max=_WAITING_BYTES_MAX,
            ),
        )
    except BaseException:
        telemetry.close()
        metadata.close()
        raise
    return Stores(metadata, telemetry, blobs, journal)
