"""Sends script in every field that a page shows; prints the id of the trace."""

import json
import sys

import sentry_sdk
from sentry_sdk import logger

SCRIPT = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
AND_MORE = (
    SCRIPT + "javascript:alert(1) \u202e \u2028 {{constructor.constructor('x')()}} " + "w" * 3000
)

sentry_sdk.init(
    sys.argv[1],
    traces_sample_rate=1.0,
    enable_logs=True,
    environment="production",
    release=SCRIPT[:150],
    server_name=SCRIPT,
)
sentry_sdk.set_tag("tag", SCRIPT[:180])
sentry_sdk.set_user({"id": SCRIPT, "email": SCRIPT, "username": SCRIPT})
sentry_sdk.set_context(SCRIPT, {SCRIPT: SCRIPT})
sentry_sdk.add_breadcrumb(category=SCRIPT, message=AND_MORE, data={SCRIPT: SCRIPT})


def fail() -> None:
    raise ValueError(AND_MORE)


with sentry_sdk.start_transaction(op=SCRIPT, name=AND_MORE) as transaction:
    with sentry_sdk.start_span(op=SCRIPT, name=AND_MORE) as span:
        span.set_data(SCRIPT, SCRIPT)
        logger.error(SCRIPT)
        try:
            fail()
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    trace_id = transaction.trace_id
sentry_sdk.flush()
sys.stdout.write(json.dumps({"trace": trace_id}) + "\n")
