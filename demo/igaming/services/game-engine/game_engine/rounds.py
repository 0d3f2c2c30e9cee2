"""Play one round: calculate, book, publish."""

import json
import random
import uuid
from dataclasses import asdict, dataclass
from typing import Final

import httpx
import sentry_sdk
from confluent_kafka import KafkaException, Producer

from game_engine.slot_math import GAMES, Game, find_primes
from service_kit.settings import address_of, url_of
from service_kit.tracing import add_traceparent, kafka_headers

TOPIC: Final = "game.rounds"
BET_CENTS_MAX: Final = 10_000
PRIMES_BELOW: Final = 2_000_000
"""Takes 5 to 10 s on one core: long enough to be seen, short enough to be waited for."""
LEDGER_SECONDS_MAX: Final = 8.0
QUEUED_MESSAGES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Bet:
    """What a player asks for."""

    player: str
    game: Game
    cents: int
    is_intensive: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a player gets; the balance is the ledger's word."""

    round_id: str
    player: str
    game: str
    reels: tuple[str, ...]
    bet: int
    win: int
    balance: int


class RefusedError(Exception):
    """The bet cannot be taken; the sentence is for the player."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class LedgerError(Exception):
    """The ledger did not book the round, so it was not played."""


class Table:
    """Where rounds are played: holds the dice, the road to the ledger and the road to Kafka."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - the seed is the point: RTP must be provable
        self._ledger = httpx.AsyncClient(
            base_url=url_of("PAYMENT_SERVICE", "8083"),
            timeout=LEDGER_SECONDS_MAX,
            event_hooks={"request": [add_traceparent]},
        )
        self._producer = Producer(
            {
                "bootstrap.servers": address_of("KAFKA", "19092"),
                "queue.buffering.max.messages": QUEUED_MESSAGES_MAX,
                "linger.ms": 5,
                "enable.idempotence": True,
                "log_level": 2,
            }
        )

    async def play(self, bet: Bet) -> Result:
        """Play one round; the win counts only when the ledger has booked it."""
        reels, win = self._calculate(bet)
        round_id = uuid.uuid4().hex
        balance = await self._book(bet, round_id, win)
        result = Result(round_id, bet.player, bet.game.name, reels, bet.cents, win, balance)
        self._publish(result)
        _measure(result)
        return result

    def close(self) -> None:
        """Send what is still queued."""
        self._producer.flush(2)

    def _calculate(self, bet: Bet) -> tuple[tuple[str, ...], int]:
        method = "intensive" if bet.is_intensive else "normal"
        sentry_sdk.set_tag("calculation_method", method)
        with sentry_sdk.start_span(op="game.calculate", name=f"calculate {bet.game.name}") as span:
            calculations = 1
            if bet.is_intensive:
                sentry_sdk.set_tag("performance.issue", "cpu_spike")
                calculations += find_primes(PRIMES_BELOW)
            span.set_data("calculation_method", method)
            sentry_sdk.set_measurement("cpu.calculations_performed", calculations)
            reels = bet.game.spin(self._dice)
            return reels, bet.game.win_factor(reels) * bet.cents

    async def _book(self, bet: Bet, round_id: str, win: int) -> int:
        entry = {"round_id": round_id, "game": bet.game.name, "bet": bet.cents, "win": win}
        try:
            answer = await self._ledger.post("/ledger/rounds", json=entry, headers={"X-User-Id": bet.player})
        except httpx.HTTPError as error:
            raise LedgerError("the ledger cannot be reached") from error
        if answer.is_server_error:
            raise LedgerError(f"the ledger answered {answer.status_code}")
        body = answer.json()
        if answer.is_client_error:
            raise RefusedError(answer.status_code, body["error"])
        return int(body["balance"])

    def _publish(self, result: Result) -> None:
        with sentry_sdk.start_span(op="queue.publish", name=f"publish {TOPIC}") as span:
            span.set_data("messaging.system", "kafka")
            span.set_data("messaging.destination.name", TOPIC)
            span.set_data("messaging.message.id", result.round_id)
            body = json.dumps(asdict(result)).encode()
            span.set_data("messaging.message.body.size", len(body))
            try:
                self._producer.produce(TOPIC, body, key=result.player, headers=[*kafka_headers()])
                self._producer.poll(0)
            except (BufferError, KafkaException) as error:
                # Events are for statistics and news; a player's round must not fail with them.
                sentry_sdk.capture_exception(error)


def _measure(result: Result) -> None:
    attributes = {"game": result.game}
    sentry_sdk.metrics.count("business.rounds", 1, attributes=attributes)
    sentry_sdk.metrics.count("business.paid_out", result.win, unit="cent", attributes=attributes)
    sentry_sdk.metrics.count("business.bet", result.bet, unit="cent", attributes=attributes)


def read_bet(player: str, body: bytes, *, is_intensive: bool) -> Bet:
    """Read a request for a round; whatever is wrong with it becomes one sentence."""
    try:
        asked = json.loads(body)
        game, cents = GAMES[asked["game"]], int(asked["bet"])
    except (ValueError, TypeError, KeyError):
        raise RefusedError(400, "a spin needs a game that exists and a bet in cents") from None
    if not player:
        raise RefusedError(401, "please sign in")
    if not 0 < cents <= BET_CENTS_MAX:
        raise RefusedError(400, f"a bet lies between 1 and {BET_CENTS_MAX} cents")
    return Bet(player, game, cents, is_intensive or bool(asked.get("cpu_intensive")))
