"""Seeded visitors who sign in, spin, pay, look at their history: over the API, some in a browser."""

import argparse
import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import httpx

from contracts.contract import Step
from contracts.visitor import NoBrowserError, Visitor
from control.settings import read_settings

CALL_SECONDS_MAX: Final = 30.0
PLAYER_COUNT: Final = 200
SECONDS_MAX: Final = 3600.0
"""A forgotten load ends by itself."""
BROWSER_PAUSE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Profile:
    """How many visitors at once, and how long each rests between two things."""

    visitor_count: int
    rest_seconds_max: float


PROFILES: Final = MappingProxyType(
    {
        "calm": Profile(visitor_count=3, rest_seconds_max=2.0),
        "busy": Profile(visitor_count=20, rest_seconds_max=0.4),
    }
)


def run_load(profile: str, seconds: float, seed: int = 1, *, with_browser: bool = False) -> Counter[str]:
    """Visit until the time is up; return what was done and how it was answered."""
    settings = read_settings()
    done: Counter[str] = Counter()
    until = time.monotonic() + min(seconds, SECONDS_MAX)
    browsing = threading.Thread(target=_visit_with_browser, args=(settings, until, done))
    if with_browser:
        browsing.start()
    asyncio.run(_visit_together(settings, PROFILES[profile], seed, until, done))
    if with_browser:
        browsing.join()
    return done


async def _visit_together(
    settings: dict[str, str], profile: Profile, seed: int, until: float, done: Counter[str]
) -> None:
    address = f"http://127.0.0.1:{settings['API_GATEWAY_PORT']}"
    async with httpx.AsyncClient(base_url=address, timeout=CALL_SECONDS_MAX) as client:
        await asyncio.gather(
            *(
                _visit(client, random.Random(f"{seed}/{number}"), profile, until, done)  # noqa: S311 - repeatable
                for number in range(profile.visitor_count)
            )
        )


async def _visit(
    client: httpx.AsyncClient, dice: random.Random, profile: Profile, until: float, done: Counter[str]
) -> None:
    player = f"player-{dice.randrange(PLAYER_COUNT):04d}"
    answer = await client.post("/api/sessions", json={"player": player})
    done[f"sign in {answer.status_code}"] += 1
    if not answer.is_success:
        return
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    async def call(what: str, method: str, path: str, body: dict[str, object] | None = None) -> None:
        answered = await client.request(method, path, json=body, headers=headers)
        done[f"{what} {answered.status_code}"] += 1

    actions: list[tuple[int, Callable[[], Awaitable[None]]]] = [
        (
            70,
            lambda: call(
                "spin", "POST", "/api/spins", {"game": dice.choice(["fruits", "pyramids"]), "bet": 100}
            ),
        ),
        (8, lambda: call("deposit", "POST", "/api/deposits", {"amount": dice.randrange(1, 50) * 100})),
        (4, lambda: call("withdraw", "POST", "/api/withdrawals", {"amount": 500})),
        (8, lambda: call("history", "GET", "/api/history")),
        (6, lambda: call("balance", "GET", "/api/balance?include_history=true")),
        (2, lambda: call("daily stats", "GET", "/api/analytics/daily-stats")),
        (2, lambda: call("player metrics", "GET", f"/api/analytics/player-metrics/{player}")),
    ]
    while time.monotonic() < until:
        ((_weight, action),) = dice.choices(actions, weights=[weight for weight, _ in actions])
        try:
            await action()
        except httpx.HTTPError as error:
            done[f"no answer: {type(error).__name__}"] += 1
        await asyncio.sleep(dice.random() * profile.rest_seconds_max)


def _visit_with_browser(settings: dict[str, str], until: float, done: Counter[str]) -> None:
    with Visitor(settings) as visitor:
        while time.monotonic() < until:
            try:
                visitor.perform(Step("spin", browser="spin"))
            except NoBrowserError as error:
                done[f"no browser: {error}"] += 1
                return
            done["browser spin"] += 1
            time.sleep(BROWSER_PAUSE_SECONDS)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="calm")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--browser", action="store_true", help="a visit with a real browser now and then")
    given = parser.parse_args()
    done = run_load(given.profile, given.seconds, given.seed, with_browser=given.browser)
    for what, count in sorted(done.items()):
        print(f"{count:6} {what}")


if __name__ == "__main__":
    main()
