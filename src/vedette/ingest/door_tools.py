"""What the door works with, and the two things every protocol's road through it shares."""

import functools
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vedette.base.clock import Clock
from vedette.base.ids import IdSource
from vedette.ingest.byte_budget import ByteBudget
from vedette.ingest.door_tally import DoorTally
from vedette.ingest.door_watch import DoorWatch
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.quota_gate import Limit, QuotaGate
from vedette.ingest.request_body import HeavyWork
from vedette.model.category import Category
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.project import ProjectKey
from vedette.protocols.sentry_auth import Credentials
from vedette.storage.journal.port import Journal, JournalBusy, JournalError

BUSY_RETRY_S: Final = 1
FULL_RETRY_S: Final = 10
"""How long an SDK is asked to wait: a busy disk clears in a moment, a full journal does not."""


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """The caps of the door. See docs/guide/settings.md for what each is for."""

    packed_bytes_max: int = 64 * 1024 * 1024
    unpacked_bytes_max: int = 128 * 1024 * 1024
    memory_bytes_max: int = 256 * 1024 * 1024
    anonymous_loopback: bool = True
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoorTools:
    """Everything that a request meets on its way in."""

    keys: KeyRing
    gate: QuotaGate
    tally: DoorTally
    journal: Journal
    clock: Clock
    ids: IdSource
    limits: DoorLimits
    budget: ByteBudget
    watch: DoorWatch
    heavy: HeavyWork = field(default_factory=HeavyWork)

    def whose(self, credentials: Credentials | None, peer: "Peer") -> "ProjectKey | Stranger":
        """Return the key that this request may write with, or why it may not."""
        if credentials is not None:
            key = self.keys.find(credentials.public_key)
            return key or Stranger(403, "event submission rejected: unknown or disabled key")
        if not (self.limits.anonymous_loopback and peer.is_loopback):
            return Stranger(401, "missing authorization information")
        self.keys.refresh()
        key = self.keys.ring.default_key
        return key or Stranger(
            403, "event submission rejected: no project to send to without a key"
        )

    def let_in(self, key: ProjectKey, asked: Mapping[Category, int]) -> dict[Category, Limit]:
        """Hold what is asked against the quotas; what is refused is counted as an outcome."""
        quotas = self.keys.ring.quotas_by_project.get(key.project_id, ())
        refused = self.gate.let_in(key, quotas, asked)
        for category in refused:
            self.count(key, category, Fate.RATE_LIMITED, Reason.OVER_QUOTA, asked[category])
        return refused

    def count(
        self, key: ProjectKey, category: Category, fate: Fate, reason: str, quantity: int = 1
    ) -> None:
        """Count an outcome at this moment."""
        now_ns = self.clock.now_ns()
        self.tally.count(
            Outcome(key.project_id, key.key_id, category, fate, reason, quantity, now_ns)
        )


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who may not write, and the sentence for them."""

    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end."""

    address: str
    """Of the client, not of a trusted proxy before us."""
    is_loopback: bool
    """Directly from this machine: a proxy's word does not count."""


def find_peer(socket_address: str, headers: Mapping[str, str], trusted: tuple[str, ...]) -> Peer:
    """Tell who sends. Forwarding headers are believed only from a proxy that is trusted."""
    forwarded = next((headers[name] for name in _FORWARDING if headers.get(name)), None)
    if forwarded is not None:
        address = socket_address
        if _is_among(socket_address, trusted):
            address = forwarded.partition(",")[0].strip()[:64]
        return Peer(address, is_loopback=False)
    return Peer(socket_address, is_loopback=_is_among(socket_address, _LOOPBACK))


_FORWARDING: Final = ("x-sentry-forwarded-for", "x-forwarded-for", "forwarded", "x-real-ip")
ADDRESS_COUNT_REMEMBERED: Final = 4_096
"""Reading an address takes longer than all else that the door does about it."""

_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")


@functools.lru_cache(maxsize=ADDRESS_COUNT_REMEMBERED)
def _is_among(address: str, networks: tuple[str, ...]) -> bool:
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(host, "ipv4_mapped", None)
    return any((mapped or host) in ipaddress.ip_network(each) for each in networks)


def retry_after_s(error: JournalError) -> int:
    """Return how long to wait before sending again."""
    return BUSY_RETRY_S if isinstance(error, JournalBusy) else FULL_RETRY_S
