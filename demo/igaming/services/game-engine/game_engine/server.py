"""game-engine: plays rounds over HTTP and shows them to everybody over a WebSocket."""

import asyncio
import json
import logging
import signal
import time
from typing import TYPE_CHECKING, Final

import sentry_sdk
import tornado.web
import tornado.websocket
from sentry_sdk.integrations.asyncio import AsyncioIntegration

from game_engine.debug import FAULTS
from game_engine.rounds import LedgerError, RefusedError, Table, read_bet
from game_engine.slot_math import GAMES
from service_kit import telemetry
from service_kit.faults import Faults
from service_kit.settings import LISTEN_HOST, setting

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

LAG_WATCH_SECONDS: Final = 0.5
LIVE_LISTENERS_MAX: Final = 500

logger = logging.getLogger(__name__)


class Handler(tornado.web.RequestHandler):
    """Names the transaction, the user and the fault; turns failures into sentences."""

    route = ""

    def prepare(self) -> None:
        name = f"{self.request.method} {self.route}"

        def name_by_route(event: "Event", _hint: "Hint") -> "Event":
            # The integration names by the handler's class, which no operator knows.
            event["transaction"] = name
            return event

        sentry_sdk.get_isolation_scope().add_event_processor(name_by_route)
        player = self.request.headers.get("X-User-Id")
        if player:
            sentry_sdk.set_user({"id": player})
        fault = self.request.headers.get("X-Fault-Id")
        if fault:
            sentry_sdk.set_tag("fault.id", fault)

    def answer(self, status: int, body: object) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    def write_error(self, status_code: int, **kwargs: object) -> None:
        self.answer(status_code, {"error": self._reason})


class Health(Handler):
    """Says that the loop turns."""

    route = "/healthz"

    def get(self) -> None:
        self.answer(200, {"status": "ok"})


class Games(Handler):
    """Lists the games with the return to player that their mathematics promise."""

    route = "/games"

    def get(self) -> None:
        self.answer(
            200,
            [
                {
                    "name": game.name,
                    "return_to_player": float(game.return_to_player()),
                    "win_variance": float(game.win_variance()),
                    "symbols": list(game.weights),
                }
                for game in GAMES.values()
            ],
        )


class Rounds(Handler):
    """Plays one round."""

    route = "/rounds"

    async def post(self) -> None:
        table: Table = self.settings["table"]
        faults: Faults = self.settings["faults"]
        is_spiking = faults.on("cpu-spike")
        if is_spiking:
            faults.emitted("cpu-spike")
        try:
            player = self.request.headers.get("X-User-Id", "")
            result = await table.play(read_bet(player, self.request.body, is_intensive=is_spiking))
        except RefusedError as refusal:
            self.answer(refusal.status, {"error": refusal.sentence})
            return
        except LedgerError as error:
            sentry_sdk.capture_exception(error)
            self.answer(503, {"error": "the bet could not be booked, so nothing was lost"})
            return
        Live.tell({"player": result.player[-4:], "game": result.game, "win": result.win, "bet": result.bet})
        self.answer(
            200,
            {
                "round_id": result.round_id,
                "game": result.game,
                "reels": result.reels,
                "bet": result.bet,
                "win": result.win,
                "balance": result.balance,
            },
        )


class Debug(Handler):
    """Triggers one fault."""

    route = "/debug/{name}"

    async def post(self, name: str) -> None:
        fault = FAULTS.get(name)
        if fault is None:
            self.answer(404, {"error": "there is no such debug endpoint"})
            return
        await fault()
        self.answer(202, {"status": "the fault happened in the background"})


class Live(tornado.websocket.WebSocketHandler):
    """Shows every round to everybody; a listener too many is refused."""

    listeners: "set[Live]" = set()

    def check_origin(self, origin: str) -> bool:
        return True  # the feed is public and takes nothing in

    def open(self, *args: str, **kwargs: str) -> None:
        if len(self.listeners) >= LIVE_LISTENERS_MAX:
            self.close(1013, "too many listeners; please come back later")
            return
        self.listeners.add(self)

    def on_message(self, message: str | bytes) -> None:
        """Nothing is expected from listeners."""

    def on_close(self) -> None:
        self.listeners.discard(self)

    @classmethod
    def tell(cls, news: dict[str, object]) -> None:
        """Send to all; a listener that has gone is no reason to fail a round."""
        for listener in tuple(cls.listeners):
            try:
                listener.write_message(news)
            except tornado.websocket.WebSocketClosedError:
                cls.listeners.discard(listener)


async def watch_lag() -> None:
    """Measure how late the loop wakes us: that is how long requests had to wait."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_WATCH_SECONDS)
        telemetry.event_loop_lag_ms = (time.monotonic() - before - LAG_WATCH_SECONDS) * 1000


async def main() -> None:
    """Run until SIGTERM or SIGINT."""
    telemetry.start_sentry(
        "game-engine",
        "tornado",
        # Reports what tasks raise while nobody awaits them; a span for each task would be noise.
        AsyncioIntegration(task_spans=False),
    )
    table, faults = Table(int(setting("GAME_SEED", "20261"))), Faults("game-engine")
    application = tornado.web.Application(
        [
            ("/healthz", Health),
            ("/games", Games),
            ("/rounds", Rounds),
            ("/live", Live),
            ("/debug/([a-z-]+)", Debug),
        ],
        table=table,
        faults=faults,
    )
    application.listen(int(setting("GAME_ENGINE_PORT", "8082")), address=LISTEN_HOST)
    logger.info("game-engine listens")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    lag_watch = asyncio.create_task(watch_lag())
    await stopping.wait()
    lag_watch.cancel()
    faults.close()
    table.close()
    sentry_sdk.flush(2)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(main())
