"""Faults on demand: each fails in a way of its own, so that each makes its own issue."""

import asyncio
import time
from typing import Final

import sentry_sdk

from analytics.events import RoundPlayed
from analytics.statistics import archive_statistics
from analytics.store import Store

BURN_BYTES: Final = 30 * 1024 * 1024
BURN_SECONDS: Final = 3.0


class ReportError(Exception):
    """A report could not be made."""


class BurnError(Exception):
    """A calculation used far more than it should."""


def trigger(name: str, store: Store) -> bool:
    """Trigger one fault; say whether there is one of that name."""
    match name:
        case "crash":
            sentry_sdk.add_breadcrumb(category="report", message="monthly report begun")
            raise RuntimeError("the monthly report has no template")
        case "validation-error":
            RoundPlayed.model_validate({"round_id": "r", "player": 7, "bet": -1})
        case "aggregation-error":
            store.break_aggregation()
        case "async-error":
            asyncio.run(_gather_with_failure())
        case "slow-aggregation-once":
            archive_statistics(store)
        case "burn":
            _burn()
        case _:
            return False
    return True


async def _gather_with_failure() -> None:
    async def fetch(part: int) -> int:
        await asyncio.sleep(0)
        if part == 2:
            raise ReportError("part 2 of the report is missing")
        return part

    await asyncio.gather(*(fetch(part) for part in range(4)))


def _burn() -> None:
    sentry_sdk.set_context("burn", {"bytes": BURN_BYTES, "turns": _turn_in_circles(bytearray(BURN_BYTES))})
    raise BurnError("a calculation burned three seconds of processor")


def _turn_in_circles(ballast: bytearray) -> int:
    ends_at, turns = time.process_time() + BURN_SECONDS, 0
    while time.process_time() < ends_at:
        ballast[turns % BURN_BYTES] = 1
        turns += 1
    return turns
