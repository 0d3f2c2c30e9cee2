"""A shop watched by today's sentry-sdk; prints the ids that the SDK gave to what it sent.

Run as `python sentry_python.py static|stream DSN`.
"""

import json
import logging
import sys

import sentry_sdk
from sentry_sdk import logger as sentry_logger
from sentry_sdk.crons import capture_checkin
from sentry_sdk.sessions import track_session

logger = logging.getLogger("shop.checkout")


class PaymentError(Exception):
    """What the story is about."""


def main(lifecycle: str, dsn: str) -> None:
    sentry_sdk.init(
        dsn=dsn,
        release="shop@1.2.3",
        environment="wire",
        before_send=lambda event, _: None if event.get("logger") == "shop.noise" else event,
        server_name="till-1",
        traces_sample_rate=1.0,
        profiles_sample_rate=1.0 if lifecycle == "static" else 0.0,
        enable_logs=True,
        _experiments={"trace_lifecycle": "stream"} if lifecycle == "stream" else {},
    )
    sentry_sdk.set_user({"id": "u-7", "email": "buyer@example.test", "username": "buyer"})
    sentry_sdk.set_tag("till", "4")
    scope = sentry_sdk.get_isolation_scope()
    with track_session(scope, session_mode="request"):
        facts = _stream() if lifecycle == "stream" else _static()
    facts["message_id"] = sentry_sdk.capture_message("stock is low", level="warning")
    logging.getLogger("shop.noise").error("dropped by the app, and counted by the SDK")
    capture_checkin(monitor_slug="nightly", status="ok", duration=1.5)
    sentry_sdk.flush(10)
    sys.stdout.write(json.dumps(facts) + "\n")


def _static() -> dict[str, object]:
    with sentry_sdk.start_transaction(op="task", name="checkout", source="task") as root:
        with sentry_sdk.start_span(op="payment", name="pay") as pay:
            pay.set_data("cart.size", 3)
            pay.set_data("cart.gift", value=True)
            pay.set_tag("bank", "north")
            with sentry_sdk.start_span(op="db", name="SELECT price FROM goods") as query:
                query.set_data("db.system", "postgresql")
                _count(2_000_000)
            error_id = _fail()
            pay.set_status("deadline_exceeded")
        _measure()
        return {
            "trace_id": root.trace_id,
            "root": root.span_id,
            "pay": pay.span_id,
            "query": query.span_id,
            "error_id": error_id,
        }


def _stream() -> dict[str, object]:
    with sentry_sdk.traces.start_span(name="checkout", attributes={"sentry.op": "task"}) as root:
        with sentry_sdk.traces.start_span(
            name="pay",
            attributes={"sentry.op": "payment", "cart.size": 3, "cart.gift": True},
        ) as pay:
            with sentry_sdk.traces.start_span(
                name="SELECT price FROM goods",
                attributes={"sentry.op": "db", "db.system.name": "postgresql"},
            ) as query:
                _count(50_000)
            error_id = _fail()
            pay.status = "error"
        _measure()
        return {
            "trace_id": root.trace_id,
            "root": root.span_id,
            "pay": pay.span_id,
            "query": query.span_id,
            "error_id": error_id,
        }


def _fail() -> str | None:
    try:
        _ask_bank({})
    except PaymentError as error:
        return sentry_sdk.capture_exception(error)
    return None


def _ask_bank(order: dict[str, str]) -> str:
    try:
        return order["card"]
    except KeyError as cause:
        raise PaymentError("card declined") from cause


def _measure() -> None:
    sentry_logger.warning(
        "order {order} of {count} goods",
        order="o-9",
        count=3,
        attributes={"paid": False, "order": "o-9", "goods": 3},
    )
    logger.error("bank %s said no", "north")
    sentry_sdk.metrics.count("orders", 2, attributes={"shop": "north"})
    sentry_sdk.metrics.gauge("queue.depth", 7.5)
    sentry_sdk.metrics.distribution("pay.latency", 12.5, unit="millisecond")


def _count(turns: int) -> int:
    return sum(turn * turn for turn in range(turns))


if __name__ == "__main__":
    main(*sys.argv[1:])
