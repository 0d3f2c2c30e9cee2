"""Somebody waits for a lock: of the database, or of the program."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import query_of
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.slow_connection_wait import at_least_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "lock_wait"
SIGN_FROM_NS: Final = 100_000_000
_OPS: Final = ("lock", "mutex", "semaphore", "thread.lock")
_NAMES: Final = frozenset({"lock.acquire", "mutex.lock", "acquire lock", "semaphore.acquire"})
_QUERIES: Final = (" for update", " for share", "pg_advisory_lock(", "get_lock(", "lock table")


@dataclass(frozen=True, slots=True)
class LockWaitSettings:
    """When the wait is too long."""

    wait_ms_min: float = 500.0


def find_lock_waits(tree: TraceTree, settings: LockWaitSettings) -> Iterable[Finding]:
    """Return waits for locks, the longest of each kind in a request."""
    longest: dict[tuple[int, str], SeenSpan] = {}
    for place, span in enumerate(tree.spans):
        if span.duration_ns < settings.wait_ms_min * 1e6:
            continue
        subject = _lock_of(place, span)
        if subject:
            key = (tree.segment_of(place), subject)
            known = longest.get(key)
            if known is None or span.duration_ns > known.duration_ns:
                longest[key] = span
    for (segment, subject), span in longest.items():
        yield make_finding(
            KIND,
            tree,
            segment,
            [span],
            title="Wait for a lock",
            subject=subject,
            lost_ns=span.duration_ns,
            evidence={"waited_ms": span.duration_ns / 1e6},
        )


def _lock_of(place: int, span: SeenSpan) -> str:
    """Return for what a span waits; "" if it is no wait for a lock."""
    if span.op.split(".")[0] in _OPS or span.op in _OPS or span.name.lower() in _NAMES:
        return span.text("lock.name") or span.name
    query = query_of(place, span)
    if query is None:
        return ""
    is_lock = any(each in f" {query.shape} " for each in _QUERIES) and "nowait" not in query.shape
    return query.shape if is_lock else ""


DETECTOR: Final = make_detector(
    kind=KIND,
    category="code",
    title="Wait for a lock",
    explanation=Explanation(
        what="A request waits until somebody else gives a lock back.",
        why="All that want the lock stand in line; the line grows faster than the load.",
        how="Hold locks shorter, take them later, lock less at once, or skip (SKIP LOCKED).",
    ),
    settings=LockWaitSettings(),
    sign=Sign(where=AllOf((at_least_ns(SIGN_FROM_NS),)), count_min=1),
    find=find_lock_waits,
)
