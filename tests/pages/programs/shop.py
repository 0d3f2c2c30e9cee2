"""A shop that fails now and then, told by the Sentry SDK; prints the id of its trace."""

import json
import sys
import time

import sentry_sdk
from sentry_sdk import logger

sentry_sdk.init(
    sys.argv[1],
    traces_sample_rate=1.0,
    enable_logs=True,
    environment="production",
    release="shop@4.12.0",
)


def charge() -> None:
    raise TimeoutError("acquirer-b did not answer within 400 ms")


with sentry_sdk.start_transaction(op="http.server", name="POST /checkout") as transaction:
    with sentry_sdk.start_span(op="db", name="SELECT wallet"):
        time.sleep(0.005)
        logger.warning("wallet row locked for {ms} ms", ms=48)
    with sentry_sdk.start_span(op="http.client", name="POST https://acquirer-b.example/charge"):
        time.sleep(0.01)
        try:
            charge()
        except TimeoutError as error:
            sentry_sdk.capture_exception(error)
    trace_id = transaction.trace_id
sentry_sdk.flush()
sys.stdout.write(json.dumps({"trace": trace_id}) + "\n")
