"""Events are checked at the border."""

import pytest
from pydantic import ValidationError

from analytics.events import PaymentMade, RoundPlayed
from service_kit.tracing import read_kafka_headers, w3c_from


def test_a_round_as_the_engine_sends_it_is_read() -> None:
    body = '{"round_id": "r", "player": "p", "game": "fruits", "bet": 100, "win": 0, "reels": []}'
    assert RoundPlayed.model_validate_json(body).bet == 100


@pytest.mark.parametrize("body", ["", "{}", '{"kind": "gift"}', '{"payment_id": 1, "amount": -1}'])
def test_what_is_no_payment_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        PaymentMade.model_validate_json(body)


def test_trace_headers_translate_both_ways() -> None:
    trace, span = "a" * 32, "b" * 16
    assert w3c_from(f"{trace}-{span}-1") == f"00-{trace}-{span}-01"
    headers = [("traceparent", f"00-{trace}-{span}-01".encode()), ("other", None)]
    assert read_kafka_headers(headers)["sentry-trace"] == f"{trace}-{span}-1"
