"""A day of ordinary traffic, a sample of each hour: requests, jobs and pages with nothing wrong."""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.unit.pipeline.detectors.told_trace import ToldTrace

if TYPE_CHECKING:
    from vedette.pipeline.detectors.seen_span import Value

HOUR_COUNT = 24


def normal_day(traces_per_hour: int, seed: int) -> Iterator[ToldTrace]:
    """Yield traces; busier hours are slower."""
    dice = random.Random(seed)
    for hour in range(HOUR_COUNT):
        slowness = 1.0 + (0.6 if 9 <= hour <= 18 else 0.0)
        for _ in range(traces_per_hour):
            yield dice.choice((_request, _request, _request, _job, _page))(dice, slowness)


def _request(dice: random.Random, slowness: float) -> ToldTrace:
    told = ToldTrace(dice.choice(("/orders", "/orders/{id}", "/login")), length_ms=900 * slowness)
    at = 3.0
    tables = dice.sample(("orders", "people", "items", "carts", "prices", "stock"), 4)
    for table in tables[: dice.randint(1, 4)]:
        length = dice.lognormvariate(1.2, 0.6) * slowness
        told.query(at, length, f"SELECT * FROM {table} WHERE id = {dice.randint(1, 999)} LIMIT 20")
        at += length + dice.random()
    for _ in range(dice.randint(0, 3)):
        told.query(at, 0.7, "GET ?", system="redis")
        at += 1
    if dice.random() < 0.5:
        length = dice.lognormvariate(3.5, 0.5) * slowness
        call_id = told.call(at, length, f"http://stock:8000/items/{dice.randint(1, 999)}")
        told.served(call_id, "/items/{id}", http__response__body__size=dice.randint(200, 40_000))
        at += length
    if dice.random() < 0.05:
        told.call(at, 20, "http://pay:8000/charge", method="POST", status=502)
        told.call(at + 120, 25, "http://pay:8000/charge", method="POST")
    return told


def _job(dice: random.Random, slowness: float) -> ToldTrace:
    told = ToldTrace("/send", length_ms=300)
    sender = told.span(5, 4, "send mails", kind="producer")
    start = 9 + dice.expovariate(1 / 400) * slowness
    is_failed = dice.random() < 0.01
    job = told.message(start, 400 * slowness, under=sender, is_failed=is_failed)
    told.query(start + 5, 12 * slowness, "UPDATE mails SET sent = true WHERE id = 7", under=job)
    return told


def _page(dice: random.Random, slowness: float) -> ToldTrace:
    vitals: dict[str, Value] = {
        "measurements.lcp": 1_200 * slowness * dice.uniform(0.7, 1.3),
        "measurements.fcp": 700 * slowness * dice.uniform(0.7, 1.3),
        "measurements.cls": dice.uniform(0, 0.08),
        "measurements.inp": 90 * slowness * dice.uniform(0.5, 1.5),
    }
    told = ToldTrace("/", op="pageload", kind="internal", length_ms=2_500, attributes=vitals)
    for number in range(dice.randint(3, 12)):
        size = dice.randint(2_000, 150_000)
        given: dict[str, Value] = {
            "http.response_content_length": size,
            "http.decoded_response_content_length": size * 3,
            "http.response_transfer_size": size + 300,
        }
        name = f"https://shop.example/assets/part{number}.js"
        told.span(40 + number * 7, 60 * slowness, name, op="resource.script", attributes=given)
    for number in range(dice.randint(0, 3)):
        told.call(300 + number * 40, 90 * slowness, f"https://shop.example/api/{'abc'[number]}")
    return told
