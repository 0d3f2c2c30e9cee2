"""A shop watched by sentry-sdk that asks a bank watched by OpenTelemetry.

Run as `python mixed_caller.py DSN BANK_URL`.
"""

import json
import sys
import urllib.request

import sentry_sdk


def main(dsn: str, bank: str) -> None:
    sentry_sdk.init(dsn=dsn, traces_sample_rate=1.0)
    with (
        sentry_sdk.start_transaction(op="task", name="checkout") as root,
        sentry_sdk.start_span(op="http.client", name="ask the bank") as call,
    ):
        # This SDK knows its own header only; W3C's is the app's business.
        headers = {"traceparent": f"00-{root.trace_id}-{call.span_id}-01"}
        with urllib.request.urlopen(urllib.request.Request(bank, headers=headers)) as answer:
            answer.read()
    sentry_sdk.flush(10)
    facts = {"trace_id": root.trace_id, "root": root.span_id, "call": call.span_id}
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
