"""Today's sentry-sdk sends an error with files, and what somebody wrote about it.

Run as `python sentry_python_files.py DSN`; prints the ids that the SDK gave.
"""

import json
import sys
import uuid

import sentry_sdk
from sentry_sdk.envelope import Envelope, Item, PayloadRef


def main(dsn: str) -> None:
    sentry_sdk.init(dsn=dsn, release="shop@1.2.3", environment="wire")
    error_id = None
    with sentry_sdk.new_scope() as scope:
        scope.add_attachment(bytes=bytes(range(256)), filename="raw.bin")
        scope.add_attachment(bytes=b"a line\n", filename="till.log", content_type="text/plain")
        try:
            _fail()
        except RuntimeError as error:
            error_id = sentry_sdk.capture_exception(error)
    feedback_id = uuid.uuid4().hex
    given = {
        "message": "nothing can be bought",
        "name": "Ann",
        "contact_email": "ann@example.test",
        "associated_event_id": error_id,
    }
    # The SDK for Python has no function of its own for feedback, as those for browsers have.
    body = {"event_id": feedback_id, "type": "feedback", "contexts": {"feedback": given}}
    envelope = Envelope(headers={"event_id": feedback_id})
    envelope.add_item(Item(PayloadRef(json=body), type="feedback"))
    transport = sentry_sdk.get_client().transport
    assert transport is not None
    transport.capture_envelope(envelope)
    sentry_sdk.flush(10)
    sys.stdout.write(json.dumps({"error_id": error_id, "feedback_id": feedback_id}) + "\n")


def _fail() -> None:
    raise RuntimeError("the till is stuck")


main(sys.argv[1])
