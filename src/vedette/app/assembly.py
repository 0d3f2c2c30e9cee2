"""Put the parts of a server together, from open stores to doors that are ready to serve."""

from dataclasses import dataclass
from pathlib import Path

from vedette.api.services import ApiServices
from vedette.app.call_worker import CallWorker
from vedette.app.data_folder import DataFolder
from vedette.app.health import Health
from vedette.app.housekeeping import Housekeeping, KeptFiles
from vedette.app.issue_worker import IssueWorker
from vedette.app.running_state import RunningState
from vedette.app.settings import Settings
from vedette.app.sockets import is_loopback
from vedette.app.stores import Stores
from vedette.base.clock import SystemClock
from vedette.base.ids import RandomIds
from vedette.detection.detection_round import DetectionRound
from vedette.detection.worker import DetectionWorker
from vedette.ingest.byte_budget import ByteBudget
from vedette.ingest.digester import Digester, DigestTools
from vedette.ingest.door_load import DoorLoad
from vedette.ingest.door_tally import DoorTally
from vedette.ingest.door_tools import DoorLimits, DoorTools
from vedette.ingest.door_watch import DoorWatch
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.quarantine import Quarantine
from vedette.ingest.quota_gate import QuotaGate
from vedette.ingest.release_watch import ReleaseWatch
from vedette.issues.waking import IssueWaker
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.time_window import ITEM_TIMES
from vedette.native import Decoder
from vedette.storage.attachment_desk import AttachmentDesk
from vedette.storage.uploads.desk import UploadDesk


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts that run, each knowing the ones it needs."""

    keys: KeyRing
    digester: Digester
    watch: DoorWatch
    housekeeping: Housekeeping
    issue_worker: IssueWorker
    calls: CallWorker
    detection: DetectionWorker
    tools: DoorTools
    services: ApiServices


def assemble(settings: Settings, folder: DataFolder, stores: Stores, url: str) -> Assembly:
    """Put together everything that `vedette up` runs."""
    clock, ids = SystemClock(), RandomIds()
    keys = KeyRing(stores.metadata, clock)
    keys.refresh()
    quarantine = Quarantine(stores.blobs)
    quarantine.look()
    load = DoorLoad()
    uploads = UploadDesk(stores.blobs, stores.metadata, clock)
    attachments = AttachmentDesk(stores.blobs, stores.telemetry)
    digester = Digester(_digest_tools(settings, stores, keys, quarantine, load, uploads))
    watch = DoorWatch(
        stores.journal,
        lambda: digester.finished_up_to,
        float(settings.journal_age_s_max),
        clock,
        load,
    )
    housekeeping = Housekeeping(
        stores.telemetry,
        stores.metadata,
        KeptFiles(attachments, uploads.chunks.forget_unneeded),
        settings,
        Path(settings.data),
        clock,
    )
    calls = CallWorker(
        stores.telemetry,
        lambda: stores.journal.lag(after_sequence=digester.finished_up_to),
        clock,
    )
    detection = _detection_worker(stores, digester)
    state = RunningState(
        settings=settings,
        folder=folder,
        stores=stores,
        digester=digester,
        health=Health(settings, stores, digester, quarantine, clock),
        housekeeping=housekeeping,
        quarantine=quarantine,
        clock=clock,
        started_ns=clock.now_ns(),
        url=url,
    )
    services = ApiServices(
        telemetry=stores.telemetry,
        metadata=stores.metadata,
        clock=clock,
        ids=ids,
        state=state,
        uploads=uploads,
        attachments=attachments,
    )
    tools = _door_tools(settings, stores, keys, watch)
    waker = IssueWaker(stores.metadata, stores.telemetry, clock)
    worker = IssueWorker(waker, stores.metadata, clock)
    return Assembly(keys, digester, watch, housekeeping, worker, calls, detection, tools, services)


def _detection_worker(stores: Stores, digester: Digester) -> DetectionWorker:
    clock = SystemClock()
    rounds = DetectionRound(stores.telemetry, stores.metadata, clock)
    return DetectionWorker(
        rounds, lambda: stores.journal.lag(after_sequence=digester.finished_up_to), clock
    )


def _door_tools(settings: Settings, stores: Stores, keys: KeyRing, watch: DoorWatch) -> DoorTools:
    clock, limits = SystemClock(), _door_limits(settings)
    return DoorTools(
        keys=keys,
        gate=QuotaGate(clock),
        tally=DoorTally(),
        journal=stores.journal,
        clock=clock,
        ids=RandomIds(),
        limits=limits,
        budget=ByteBudget(limits.memory_bytes_max),
        watch=watch,
    )


def _digest_tools(
    settings: Settings,
    stores: Stores,
    keys: KeyRing,
    quarantine: Quarantine,
    load: DoorLoad,
    uploads: UploadDesk,
) -> DigestTools:
    return DigestTools(
        journal=stores.journal,
        ledger=stores.metadata,
        telemetry=stores.telemetry,
        keys=keys,
        decoder=Decoder(
            SPAN_COLUMNS,
            LOG_COLUMNS,
            METRIC_COLUMNS,
            ITEM_TIMES.past_ns_max,
            ITEM_TIMES.future_ns_max,
        ),
        quarantine=quarantine,
        releases=ReleaseWatch(stores.metadata, SystemClock()),
        unpacked_bytes_max=settings.unpacked_bytes_max,
        load=load,
        find_map=uploads.source_maps.find,
        keep_blob=stores.blobs.put,
    )


def _door_limits(settings: Settings) -> DoorLimits:
    proxies = (each.strip() for each in settings.trusted_proxies.split(","))
    return DoorLimits(
        packed_bytes_max=settings.packed_bytes_max,
        unpacked_bytes_max=settings.unpacked_bytes_max,
        anonymous_loopback=_is_anonymous_allowed(settings),
        trusted_proxies=tuple(each for each in proxies if each),
    )


def _is_anonymous_allowed(settings: Settings) -> bool:
    if settings.anonymous_loopback == "auto":
        return is_loopback(settings.host)
    return settings.anonymous_loopback == "on"
