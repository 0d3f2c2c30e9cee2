"""Counts what comes in against the quotas, per project or key and category."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.model.category import Category
from vedette.model.outcome import Reason
from vedette.model.project import ProjectKey, Quota

RETRY_AFTER_S_MAX: Final = 300
"""The longest back-off that is told to an SDK: it would not notice a raised quota before."""

NEVER_LIMITED: Final = frozenset({Category.INTERNAL})
"""Client reports: the only proof of what an SDK lost."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A category that is over its quota, and for how long."""

    category: Category | None
    scope: str
    retry_after_s: int


@dataclass(slots=True)
class _Window:
    number: int = -1
    item_count: int = 0


class QuotaGate:
    """Fixed windows in memory. Safe to use from several threads (gRPC has its own).

    A restart begins the window that is open anew: it may let in its amount twice. Windows last a
    day at most, and to keep them would make the door write where it only counts.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[int, _Window] = {}

    def let_in(
        self, key: ProjectKey, quotas: Sequence[Quota], asked: Mapping[Category, int]
    ) -> dict[Category, Limit]:
        """Count what is asked for; return the categories that are refused, each with its limit.

        A category is let in as long as its window has room for one more item: a large batch may
        pass the mark once rather than be refused for ever.
        """
        refused: dict[Category, Limit] = {}
        if not quotas:
            return refused
        now_s = self._clock.now_ns() / NANOSECONDS_PER_SECOND
        with self._lock:
            for category, quantity in asked.items():
                if category in NEVER_LIMITED:
                    continue
                applying = [each for each in quotas if _applies(each, key, category)]
                full = [
                    each
                    for each in applying
                    if self._window(each, now_s).item_count >= each.item_count_max
                ]
                if full:
                    refused[category] = _limit(full, now_s)
                    continue
                for each in applying:
                    self._window(each, now_s).item_count += quantity
        return refused

    def _window(self, quota: Quota, now_s: float) -> _Window:
        window = self._windows.setdefault(quota.quota_id, _Window())
        number = int(now_s // quota.window_s)
        if window.number != number:
            window.number, window.item_count = number, 0
        return window


def rate_limit_header(limits: Sequence[Limit]) -> str:
    """Write the `X-Sentry-Rate-Limits` header."""
    return ", ".join(
        f"{each.retry_after_s}:{each.category or ''}:{each.scope}:{Reason.OVER_QUOTA}"
        for each in limits
    )


def _applies(quota: Quota, key: ProjectKey, category: Category) -> bool:
    return quota.key_id in (None, key.key_id) and quota.category in (None, category)


def _limit(full: Sequence[Quota], now_s: float) -> Limit:
    # The one that lasts longest: before it ends, asking again is useless.
    quota = max(full, key=lambda each: each.window_s - now_s % each.window_s)
    left_s = int(quota.window_s - now_s % quota.window_s) + 1
    return Limit(
        quota.category, "key" if quota.key_id else "project", min(left_s, RETRY_AFTER_S_MAX)
    )
