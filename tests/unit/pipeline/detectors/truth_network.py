"""Traces with faults between services and in queues, and traces that only nearly have them."""

from tests.unit.pipeline.detectors.told_trace import ToldTrace
from vedette.pipeline.detectors.seen_span import Value

STOCK = "http://stock:8000"


def calls(
    count: int,
    length_ms: float,
    address: str = STOCK + "/items/{}",
    *,
    status: int = 200,
    gap_ms: float = 1,
    op: str = "",
    **more: Value,
) -> ToldTrace:
    told = ToldTrace("/list", op=op, length_ms=20_000)
    for number in range(count):
        at = 5 + number * (length_ms + gap_ms)
        told.call(at, length_ms, address.format(number), status=status, **more)  # type: ignore[arg-type] # attributes alone
    return told


def page_calls(count: int, length_ms: float, start_gap_ms: float) -> ToldTrace:
    told = ToldTrace("/list", op="pageload", kind="internal", length_ms=3_000)
    for number in range(count):
        told.call(5 + number * start_gap_ms, length_ms, f"{STOCK}/items/{number}")
    return told


def served_calls(
    count: int, length_ms: float, route: str = "/x/{name}", *, service: str = "stock"
) -> ToldTrace:
    told = ToldTrace(length_ms=count * (length_ms + 1) + 10)
    for number in range(count):
        word = "abcdefghijklmnopqrstuvwxyz"[number % 26]
        call_id = told.call(5 + number * (length_ms + 1), length_ms, f"{STOCK}/x/{word * 3}")
        told.served(call_id, route.replace("#", word), service=service)
    return told


def answer(
    byte_count: int | None,
    *,
    length_ms: float = 250,
    path: str = "/export",
    served_bytes: int | None = None,
) -> ToldTrace:
    told = ToldTrace()
    more: dict[str, Value] = {}
    if byte_count is not None:
        more["http__response__body__size"] = byte_count
    call_id = told.call(5, length_ms, STOCK + path, **more)  # type: ignore[arg-type] # attributes alone
    if served_bytes is not None:
        told.served(call_id, path, http__response__body__size=served_bytes)
    return told


def waiting_calls(
    count: int, delay_ms: float, *, version: str = "1.1", apart_ms: float = 1
) -> ToldTrace:
    told = ToldTrace("/page", op="pageload", kind="internal", length_ms=60_000)
    for number in range(count):
        start_ms = 5 + number * apart_ms
        told.call(
            start_ms,
            2_000,
            f"{STOCK}/api/{number}",
            network__protocol__version=version,
            http__request__request_start=(start_ms + delay_ms * (number + 1) / count) / 1_000,
        )
    return told


def retries(count: int, *, status: int = 503, same: bool = True, success_at: int = -1) -> ToldTrace:
    told = ToldTrace()
    for number in range(count):
        address = f"{STOCK}/pay" if same else f"{STOCK}/pay/{number}"
        got = 200 if number == success_at else status
        told.call(5 + number * 60, 50, address, method="POST", status=got)
    return told


def retries_beside() -> ToldTrace:
    told = ToldTrace()
    for number in range(8):
        told.call(5 + number, 500, f"{STOCK}/pay", status=503)
    return told


def chain(*, is_late: bool = True, depth: int = 2, is_passed_on: bool = True) -> ToldTrace:
    told = ToldTrace(length_ms=5_000)
    under = None
    for number in range(depth):
        is_last = number == depth - 1
        status = 504 if (is_late and (is_last or is_passed_on)) else (500 if not is_late else 200)
        call_id = told.call(5, 4_000, f"http://s{number}/a", status=status, under=under)
        if not is_last:
            is_failed = is_passed_on
            status_text: Value = 504 if (is_late and is_passed_on) else 500
            under = told.served(
                call_id,
                "/a",
                service=f"s{number}",
                is_failed=is_failed,
                http__response__status_code=status_text if is_failed else 200,
            )
    return told


def two_of_three_hosts() -> ToldTrace:
    told = ToldTrace(length_ms=9_000)
    for number in range(4):
        told.call(5 + number * 1_100, 1_000, f"http://host{number}/a")
    return told


def calls_beside() -> ToldTrace:
    told = ToldTrace(length_ms=9_000)
    for number in range(6):
        told.call(5 + number, 900, f"{STOCK}/a{'bcdefg'[number]}")
    return told


def messages(*of: tuple[float, bool], length_ms: float = 50, **more: Value) -> ToldTrace:
    told = ToldTrace("/send")
    for start_ms, is_failed in of:
        told.message(start_ms, length_ms, is_failed=is_failed, **more)  # type: ignore[arg-type] # attributes alone
    return told


def sent(after_ms: float, *, kind: str = "producer") -> ToldTrace:
    told = ToldTrace("/send")
    sender = told.span(5, 5, "send mails", kind=kind)
    told.message(10 + after_ms, 50, under=sender)
    return told


NETWORK = {
    "n_plus_one_call": (
        (calls(10, 40), served_calls(20, 30), page_calls(10, 400, 5)),
        (
            calls(4, 200),
            calls(10, 5),
            calls(10, 40, STOCK + "/items"),
            calls(10, 40, STOCK + "/graphql/{}"),
            page_calls(10, 400, 100),
        ),
    ),
    "consecutive_calls": (
        (
            calls(3, 1_100, STOCK + "/a{}x"),
            calls(4, 900, STOCK + "/b{}y", gap_ms=100),
            calls(6, 557, STOCK + "/item"),
        ),
        (
            calls(2, 2_500),
            calls(6, 400, STOCK + "/z{}z"),
            calls(3, 1_100, gap_ms=800),
            two_of_three_hosts(),
            calls_beside(),
        ),
    ),
    "large_payload": (
        (answer(2_259_235), answer(None, served_bytes=2_259_235), answer(300_000, path="/a.json")),
        (
            answer(120_000),
            answer(2_000_000, length_ms=20),
            answer(2_000_000, path="/film.mp4"),
            answer(None),
        ),
    ),
    "http_overhead": (
        (waiting_calls(8, 900), waiting_calls(6, 600), waiting_calls(20, 4_000)),
        (
            waiting_calls(5, 900),
            waiting_calls(8, 300),
            waiting_calls(8, 900, version="2"),
            waiting_calls(8, 900, apart_ms=3_000),
        ),
    ),
    "retry_storm": (
        (retries(8), retries(4, status=429), retries(6, success_at=5)),
        (
            retries(3),
            retries(8, status=200),
            retries(8, same=False),
            retries(7, success_at=3),
            retries_beside(),
        ),
    ),
    "chatty_services": (
        (served_calls(20, 6.6), served_calls(30, 5, "/#/{id}"), served_calls(15, 8)),
        (
            served_calls(10, 20),
            served_calls(20, 1),
            served_calls(20, 6.6, service="shop"),
            calls(20, 6.6),
        ),
    ),
    "slow_dependency": (
        (
            calls(1, 3_500),
            calls(2, 4_000, "https://pay.example/charge"),
            calls(1, 9_000, status=404),
        ),
        (calls(1, 2_500), calls(1, 9_000, status=503), served_calls(1, 9_000)),
    ),
    "timeout_chain": (
        (chain(), chain(depth=3), chain(depth=4)),
        (chain(is_late=False), chain(depth=1), chain(is_passed_on=False)),
    ),
    "consumer_lag": (
        (
            messages((5, False), messaging__message__receive__latency=90_000.0),
            sent(45_000),
            messages((5, True), messaging__message__receive__latency=30_000),
        ),
        (
            messages((5, False), messaging__message__receive__latency=900),
            sent(500),
            sent(45_000, kind="internal"),
        ),
    ),
    "poison_message": (
        (
            messages((5, True), (90, True), (200, True), messaging__message__id="7"),
            messages((5, True), messaging__message__id="7", messaging__message__retry__count=4),
            messages((5, True), messaging__message__id="7", messaging__message__delivery_count=2),
        ),
        (
            messages((5, True), (90, True), messaging__message__id="7"),
            messages((5, False), messaging__message__id="7", messaging__message__retry__count=4),
            messages((5, True), (90, True), (200, True)),
        ),
    ),
    "slow_consumer": (
        (
            messages((5, False), length_ms=45_000),
            messages((5, True), length_ms=31_000),
            messages((5, False), (99, False), length_ms=60_000),
        ),
        (
            messages((5, False), length_ms=20_000),
            messages((5, False), length_ms=45_000, op="queue.receive"),
            messages((5, False), length_ms=45_000, messaging__operation__type="receive"),
            calls(1, 45_000),
        ),
    ),
}
"""Traces that have the fault, and those that nearly have it, by kind."""
