"""The ports that the read door leans on."""

from dataclasses import dataclass, field

from vedette.api.server_state import ServerState
from vedette.api.tails import TailPace
from vedette.base.clock import Clock
from vedette.base.ids import IdSource
from vedette.storage.attachment_desk import AttachmentDesk
from vedette.storage.metadata.port import Metadata
from vedette.storage.telemetry.port import TelemetryReader
from vedette.storage.uploads.desk import UploadDesk


@dataclass(frozen=True, slots=True)
class ApiServices:
    """Chosen by the wiring, used by every route."""

    telemetry: TelemetryReader
    metadata: Metadata
    clock: Clock
    ids: IdSource
    state: ServerState
    uploads: UploadDesk
    attachments: AttachmentDesk
    tail_pace: TailPace = field(default_factory=TailPace)
