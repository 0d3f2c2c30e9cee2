"""Five errors and a trace, one by one: sentry-sdk is told at the third that there were enough."""

import sys

import sentry_sdk


def main(dsn: str) -> None:
    sentry_sdk.init(dsn=dsn, traces_sample_rate=1.0)
    for number in range(5):
        sentry_sdk.capture_message(f"problem {number}", level="error")
        sentry_sdk.flush(10)
    with sentry_sdk.start_transaction(op="task", name="still heard"):
        pass
    sentry_sdk.flush(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
