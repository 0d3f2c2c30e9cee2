"""Figures for operators: by day, by player, for the business."""

from typing import Any

import httpx
import sentry_sdk

from analytics.store import Store
from service_kit.settings import url_of


def daily_statistics(store: Store) -> list[dict[str, Any]]:
    """Return the totals that every round keeps up to date."""
    days = store.daily_totals()
    _measure(days)
    return [_readable(day) for day in days]


def archive_statistics(store: Store) -> list[dict[str, Any]]:
    """Return the archive's statistics with one full scan per day: slow, on purpose."""
    sentry_sdk.set_tag("performance.issue", "slow_aggregation")
    sentry_sdk.set_tag("antipattern", "full_scan_per_day")
    days = [store.scan_archive_day(day) for day in store.archive_days()]
    _measure(days)
    return [_readable(day) for day in days]


def player_metrics(store: Store, player: str, *, is_one_by_one: bool) -> dict[str, Any]:
    """Return what operators want to know of one player: several queries by nature."""
    if is_one_by_one:
        sentry_sdk.set_tag("performance.issue", "n_plus_one")
        sentry_sdk.set_tag("antipattern", "n_plus_one")
        rounds = store.rounds_of_one_by_one(player)
        totals = {
            "rounds": len(rounds),
            "bet": sum(played["bet"] for played in rounds),
            "win": sum(played["win"] for played in rounds),
        }
    else:
        totals = store.totals_of(player)
    return {
        "player": player,
        **{name: totals.get(name, 0) for name in ("rounds", "bet", "win", "payments")},
        "fraud_signals": store.signals_of(player),
    }


async def business_figures(store: Store, client: httpx.AsyncClient) -> dict[str, Any]:
    """Return RTP by game, and what the ledger and the session store say themselves."""
    totals = store.daily_totals()
    games: dict[str, dict[str, int]] = {}
    for total in totals:
        game = games.setdefault(total["game"], {"rounds": 0, "bet": 0, "win": 0})
        for key in game:
            game[key] += total[key]
    summary = (await client.get(f"{url_of('PAYMENT_SERVICE', '8083')}/summary")).json()
    sessions = (await client.get(f"{url_of('USER_SERVICE', '8081')}/sessions/active")).json()
    for name, game in games.items():
        sentry_sdk.metrics.gauge(
            "business.return_to_player", game["win"] / game["bet"], attributes={"game": name}
        )
    if summary.get("payment_success_rate") is not None:
        sentry_sdk.metrics.gauge("business.payment_success_rate", summary["payment_success_rate"])
    return {
        "games": {
            name: {**game, "return_to_player": game["win"] / game["bet"]} for name, game in games.items()
        },
        **summary,
        **sessions,
    }


def _measure(days: list[dict[str, Any]]) -> None:
    sentry_sdk.set_measurement("analytics.days_processed", len(days))
    sentry_sdk.set_measurement("analytics.total_games", sum(day.get("rounds", 0) for day in days))


def _readable(day: dict[str, Any]) -> dict[str, Any]:
    rounds = day.get("rounds", 0)
    return {
        "day": day.get("day"),
        "game": day.get("game", "all"),
        "rounds": rounds,
        "bet": day.get("bet", 0),
        "win": day.get("win", 0),
        "average_bet": day.get("bet", 0) / rounds if rounds else 0,
    }
