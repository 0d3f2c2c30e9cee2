"""The write door over gRPC: the native server asks here whether a body may come in."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from vedette.ingest.door_otlp import (
    CATEGORY_OF_KIND,
    INVALID_ARGUMENT,
    UNAUTHENTICATED,
    UNAVAILABLE,
    OtlpRequest,
    admit,
    make_meta,
)
from vedette.ingest.door_tools import FULL_RETRY_S, DoorTools, Peer, Stranger, find_peer
from vedette.model.category import Category
from vedette.model.outcome import Fate, Reason
from vedette.model.project import ProjectKey
from vedette.model.record import RecordKind, write_meta
from vedette.protocols.sentry_auth import AuthFault, find_credentials

KIND_OF_SIGNAL: Final = {
    "traces": RecordKind.OTLP_TRACES,
    "logs": RecordKind.OTLP_LOGS,
    "metrics": RecordKind.OTLP_METRICS,
    "profiles": RecordKind.OTLP_PROFILES,
}


class Verdict(NamedTuple):
    """What the native server is told. `code` and the rest speak gRPC's language."""

    is_admitted: bool
    code: int
    meta: bytes
    why: str
    retry_after_s: float


class GrpcDoor:
    """Decides about one body at a time, in memory; called on the gRPC server's thread."""

    def __init__(self, tools: DoorTools) -> None:
        self._tools = tools

    def admit(
        self,
        signal: str,
        metadata: Mapping[str, str],
        peer_address: str,
        item_count: int,
        byte_count: int,
    ) -> Verdict:
        """Say whether a body of `item_count` items may come in, and what the journal keeps."""
        if self._tools.watch.why_closed:
            return _no(UNAVAILABLE, self._tools.watch.why_closed, float(FULL_RETRY_S))
        kind = KIND_OF_SIGNAL.get(signal)
        if kind is None:
            return _no(INVALID_ARGUMENT, f"unknown signal {signal}")
        peer = find_peer(peer_address, metadata, self._tools.limits.trusted_proxies)
        key = self._whose(metadata, peer)
        if not isinstance(key, ProjectKey):
            return _no(UNAUTHENTICATED, key.why)
        refusal = admit(key, kind, item_count, self._tools)
        if refusal is not None:
            return _no(refusal.code, refusal.why, float(refusal.retry_after_s or 0))
        agent = metadata.get("user-agent", "")
        request = OtlpRequest(
            kind, key, b"", "", is_json=False, client_address=peer.address, user_agent=agent
        )
        now_ns = self._tools.clock.now_ns()
        meta = write_meta(make_meta(request, "", item_count, byte_count, now_ns))
        return Verdict(is_admitted=True, code=0, meta=meta, why="", retry_after_s=0.0)

    def turned_away(
        self, signal: str, metadata: Mapping[str, str], peer_address: str, reason: str
    ) -> None:
        """Count a body that was refused before anybody was asked: the same as over HTTP."""
        peer = find_peer(peer_address, metadata, self._tools.limits.trusted_proxies)
        key = self._whose(metadata, peer)
        if isinstance(key, ProjectKey):
            # What a bomb holds nobody knows.
            category = CATEGORY_OF_KIND[KIND_OF_SIGNAL[signal]]
            if reason == Reason.TOO_LARGE:
                category = Category.UNKNOWN
            self._tools.count(key, category, Fate.INVALID, reason)

    def _whose(self, metadata: Mapping[str, str], peer: Peer) -> ProjectKey | Stranger | AuthFault:
        credentials = find_credentials(metadata, {})
        if isinstance(credentials, AuthFault):
            return credentials
        return self._tools.whose(credentials, peer)


def _no(code: int, why: str, retry_after_s: float = 0.0) -> Verdict:
    return Verdict(is_admitted=False, code=code, meta=b"", why=why, retry_after_s=retry_after_s)
