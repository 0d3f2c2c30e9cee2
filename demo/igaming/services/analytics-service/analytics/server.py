"""analytics-service: figures over HTTP, events from Kafka."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

import httpx
import obstore
import sentry_sdk
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from obstore.store import S3Store
from pymongo.errors import PyMongoError

from analytics import debug, statistics
from analytics.consumer import EventConsumer
from analytics.store import Store
from service_kit import telemetry
from service_kit.faults import Faults
from service_kit.settings import LISTEN_HOST, setting, url_of
from service_kit.tracing import add_traceparent

REPORT_BUCKET: Final = "reports"
LAG_WATCH_SECONDS: Final = 0.5
NEIGHBOUR_SECONDS_MAX: Final = 5.0


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open what the handlers need; close it in reverse."""
    store, faults = Store(), Faults("analytics-service")
    await asyncio.to_thread(store.prepare)
    consumer = EventConsumer(store)
    consumer.start()
    lag_watch = asyncio.create_task(watch_lag())
    async with httpx.AsyncClient(
        timeout=NEIGHBOUR_SECONDS_MAX, event_hooks={"request": [add_traceparent]}
    ) as client:
        app.state.store, app.state.faults, app.state.client = store, faults, client
        yield
    lag_watch.cancel()
    consumer.close()
    faults.close()
    sentry_sdk.flush(2)


telemetry.start_sentry("analytics-service", "fastapi")
app = FastAPI(title="analytics-service", lifespan=lifespan)


def get_store(request: Request) -> Store:
    """Return the store that the lifespan opened."""
    store: Store = request.app.state.store
    return store


def get_faults(request: Request) -> Faults:
    """Return the faults that the lifespan watches."""
    faults: Faults = request.app.state.faults
    return faults


StoreNeeded = Annotated[Store, Depends(get_store)]
FaultsNeeded = Annotated[Faults, Depends(get_faults)]


@app.middleware("http")
async def know_the_caller(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Tell the SDK who is served and which fault was asked for; answer failures honestly."""
    if player := request.headers.get("X-User-Id"):
        sentry_sdk.set_user({"id": player})
    if fault := request.headers.get("X-Fault-Id"):
        sentry_sdk.set_tag("fault.id", fault)
    try:
        return await call_next(request)
    except Exception as error:  # noqa: BLE001 - the service's outer edge
        # Left to the server, a failure also closes the connection under the gateway's next request.
        sentry_sdk.capture_exception(error)
        return JSONResponse({"error": "the figures could not be made"}, 500)


@app.exception_handler(PyMongoError)
async def answer_store_failure(_request: Request, error: Exception) -> JSONResponse:
    """Say clearly that it is the store, and report what it said."""
    sentry_sdk.capture_exception(error)
    return JSONResponse({"error": "the statistics store refused or cannot be reached"}, 503)


@app.get("/healthz")
def health(store: StoreNeeded) -> dict[str, str]:
    """Say whether the service can work."""
    try:
        store.ping()
    except PyMongoError:
        raise HTTPException(503, "MongoDB cannot be reached") from None
    return {"status": "ok"}


@app.get("/api/v1/analytics/daily-stats")
def daily_stats(store: StoreNeeded, faults: FaultsNeeded) -> list[dict[str, Any]]:
    """Return totals by day; with the fault on, by full scans."""
    if faults.on("slow-aggregation"):
        faults.emitted("slow-aggregation")
        return statistics.archive_statistics(store)
    return statistics.daily_statistics(store)


@app.get("/api/v1/analytics/player-metrics/{user_id}")
def player_metrics(user_id: str, store: StoreNeeded, faults: FaultsNeeded) -> dict[str, Any]:
    """Return figures of one player."""
    is_one_by_one = faults.on("n-plus-one")
    if is_one_by_one:
        faults.emitted("n-plus-one")
    return statistics.player_metrics(store, user_id, is_one_by_one=is_one_by_one)


@app.get("/api/v1/analytics/business")
async def business(request: Request, store: StoreNeeded) -> dict[str, Any]:
    """Return the figures the business lives by."""
    client: httpx.AsyncClient = request.app.state.client
    return await statistics.business_figures(store, client)


@app.post("/api/v1/analytics/reports", status_code=201)
async def make_report(store: StoreNeeded) -> dict[str, str]:
    """Write the daily figures as a file into object storage."""
    days = await asyncio.to_thread(statistics.daily_statistics, store)
    name = f"daily-{time.time_ns()}.json"
    with sentry_sdk.start_span(op="file.upload", name=f"put {REPORT_BUCKET}"):
        await obstore.put_async(report_storage(), name, json.dumps(days).encode())
    return {"report": name}


def report_storage() -> S3Store:
    """Return the object storage for reports."""
    return S3Store(
        REPORT_BUCKET,
        endpoint=url_of("S3", "17070"),
        region="us-east-1",
        access_key_id=setting("S3_ACCESS_KEY", "igaming"),
        secret_access_key=setting("S3_SECRET_KEY", "igaming-secret"),
        client_options={"allow_http": True},
    )


@app.post("/debug/{name}", status_code=202)
def trigger_fault(name: str, store: StoreNeeded) -> dict[str, str]:
    """Trigger one fault."""
    if not debug.trigger(name, store):
        raise HTTPException(404, "there is no such debug endpoint")
    return {"status": "done"}


async def watch_lag() -> None:
    """Measure how late the loop wakes us: that is how long requests had to wait."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_WATCH_SECONDS)
        telemetry.event_loop_lag_ms = (time.monotonic() - before - LAG_WATCH_SECONDS) * 1000


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    uvicorn.run(
        app,
        host=LISTEN_HOST,
        port=int(setting("ANALYTICS_SERVICE_PORT", "8084")),
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
