"""A shop watched by sentry-sdk of years ago (1.14 and 1.40); prints the ids that the SDK gave.

Run as `python sentry_python_old.py DSN`, with Python and packages of an environment of its own.
"""

import json
import logging
import sys

import sentry_sdk


class PaymentError(Exception):
    """What the story is about."""


def main(dsn: str) -> None:
    sentry_sdk.init(
        dsn=dsn,
        release="shop@1.2.3",
        environment="wire",
        server_name="till-1",
        traces_sample_rate=1.0,
    )
    sentry_sdk.set_user({"id": "u-7", "email": "buyer@example.test", "username": "buyer"})
    sentry_sdk.set_tag("till", "4")
    hub = sentry_sdk.Hub.current
    hub.start_session()
    facts = _checkout()
    hub.end_session()
    facts["message_id"] = sentry_sdk.capture_message("stock is low", level="warning")
    sentry_sdk.flush(10)
    sys.stdout.write(json.dumps(facts) + "\n")


def _checkout() -> dict[str, object]:
    with sentry_sdk.start_transaction(op="task", name="checkout", source="task") as root:
        with sentry_sdk.start_span(op="payment", description="pay") as pay:
            pay.set_data("cart.size", 3)
            pay.set_data("cart.gift", value=True)
            with sentry_sdk.start_span(op="db", description="SELECT price FROM goods") as query:
                query.set_data("db.system", "postgresql")
                sum(turn * turn for turn in range(50_000))
            error_id = _fail()
            pay.set_status("deadline_exceeded")
        logging.getLogger("shop.checkout").error("bank %s said no", "north")
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


if __name__ == "__main__":
    main(*sys.argv[1:])
