"""Rounds, payments and daily totals in MongoDB.

Only what both the real server and FerretDB can do is used; averages are two sums and a division.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sentry_sdk
from pymongo import MongoClient, ReturnDocument
from pymongo.errors import DuplicateKeyError

from analytics.events import PaymentMade, RoundPlayed
from service_kit.settings import address_of, setting

ARCHIVE_DAYS: Final = 14
ARCHIVE_ROUNDS_PER_DAY: Final = 1500
STORE_MILLISECONDS_MAX: Final = 3000
METRIC_ROUNDS_MAX: Final = 25

Document = dict[str, Any]


class Store:
    """The service's collections."""

    def __init__(self) -> None:
        url = setting("MONGODB_URL", f"mongodb://{address_of('MONGODB', '17017')}")
        self._client: MongoClient[Document] = MongoClient(
            url, serverSelectionTimeoutMS=STORE_MILLISECONDS_MAX
        )
        database = self._client["analytics"]
        self._rounds = database["rounds"]
        self._payments = database["payments"]
        self._totals = database["daily_totals"]
        self._archive = database["round_archive"]
        self._players = database["player_totals"]
        self._signals = database["fraud_signals"]

    def prepare(self) -> None:
        """Make, once, an archive without an index: it is there to be slow."""
        if self._archive.estimated_document_count() > 0:
            return
        first = datetime(2026, 1, 1, tzinfo=UTC)
        for number in range(ARCHIVE_DAYS):
            day = (first + timedelta(days=number)).date().isoformat()
            self._archive.insert_many(
                [
                    {
                        "_id": f"{day}-{line}",
                        "at": f"{day}T{line % 24:02d}:00:00Z",
                        "player": f"player-{line % 200:04d}",
                        "bet": 100,
                        "win": (line % 5) * 45,
                    }
                    for line in range(ARCHIVE_ROUNDS_PER_DAY)
                ]
            )

    def ping(self) -> None:
        """Raise when the server cannot be reached."""
        self._client.admin.command("ping")

    def add_round(self, played: RoundPlayed, day: str) -> bool:
        """Count one round; say whether it was new (Kafka may deliver twice)."""
        try:
            self._rounds.insert_one({"_id": played.round_id, "day": day, **played.model_dump()})
        except DuplicateKeyError:
            return False
        self._totals.update_one(
            {"_id": f"{day}/{played.game}"},
            {
                "$inc": {"rounds": 1, "bet": played.bet, "win": played.win},
                "$set": {"day": day, "game": played.game},
            },
            upsert=True,
        )
        self._players.update_one(
            {"_id": played.player},
            {"$inc": {"rounds": 1, "bet": played.bet, "win": played.win}},
            upsert=True,
        )
        return True

    def add_payment(self, payment: PaymentMade, day: str) -> int:
        """Count one payment; return how many this player made today."""
        try:
            self._payments.insert_one({"_id": payment.payment_id, "day": day, **payment.model_dump()})
        except DuplicateKeyError:
            return 0
        self._players.update_one({"_id": payment.player}, {"$inc": {"payments": 1}}, upsert=True)
        counted = self._totals.find_one_and_update(
            {"_id": f"{day}/payments/{payment.player}"},
            {"$inc": {"payments": 1}, "$set": {"payment_day": day, "player": payment.player}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(counted["payments"]) if counted else 0

    def add_signal(self, kind: str, player: str, detail: Document) -> None:
        """Keep one fraud signal."""
        self._signals.insert_one({"kind": kind, "player": player, **detail})

    def daily_totals(self) -> list[Document]:
        """Return totals by day and game: kept up to date by every round, so cheap to read."""
        with counted_query():
            return list(self._totals.find({"rounds": {"$gt": 0}}).sort("day", -1).limit(60))

    def scan_archive_day(self, day: str) -> Document:
        """Add up one day of the archive the wrong way: a pattern on a text without an index."""
        stages: list[Document] = [
            {"$match": {"at": {"$regex": f"^{day}.*"}}},
            {
                "$group": {
                    "_id": None,
                    "rounds": {"$sum": 1},
                    "bet": {"$sum": "$bet"},
                    "win": {"$sum": "$win"},
                }
            },
        ]
        with counted_query():
            found = list(self._archive.aggregate(stages))
        return {"day": day, **(found[0] if found else {})}

    def archive_days(self) -> list[str]:
        """Return the days that the archive holds."""
        first = datetime(2026, 1, 1, tzinfo=UTC)
        return [(first + timedelta(days=number)).date().isoformat() for number in range(ARCHIVE_DAYS)]

    def totals_of(self, player: str) -> Document:
        """Return what a player played in all: kept up to date by every round, so cheap to read."""
        with counted_query():
            return self._players.find_one({"_id": player}) or {}

    def rounds_of_one_by_one(self, player: str) -> list[Document]:
        """Return rounds of the archive with one query each: the N+1 antipattern."""
        with counted_query():
            ids = [
                found["_id"]
                for found in self._archive.find({"player": player}, {"_id": 1}).limit(METRIC_ROUNDS_MAX)
            ]
        rounds = []
        for round_id in ids:
            with counted_query():
                found = self._archive.find_one({"_id": round_id})
            if found:
                rounds.append(found)
        return rounds

    def signals_of(self, player: str) -> int:
        """Return how many fraud signals a player has."""
        with counted_query():
            return self._signals.count_documents({"player": player})

    def break_aggregation(self) -> None:
        """Ask for a stage that no server knows."""
        list(self._archive.aggregate([{"$estimateJackpot": {"player": 1}}]))


_executed: ContextVar[int] = ContextVar("executed", default=0)
"""Every request runs in a context of its own, so each begins to count at nought."""


@contextmanager
def counted_query() -> Iterator[None]:
    """Count a query on the running transaction: a rising number is how an antipattern shows."""
    yield
    _executed.set(_executed.get() + 1)
    sentry_sdk.set_measurement("db.queries_executed", _executed.get())
