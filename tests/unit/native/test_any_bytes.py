"""Whatever the bytes, the extension refuses or reads them; it raises nothing else."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.native.otlp_requests import RECEIVED_NS, pairs, span, traces
from vedette.native import Decoder, NativeError, otlp_count, otlp_from_json

SIGNALS = ("traces", "logs", "metrics")


def damaged_request() -> st.SearchStrategy[bytes]:
    """Make a real request with one byte replaced and its end cut."""
    sent = span(1)
    sent.attributes.extend(pairs({"a": "b", "list": [1, {"x": 2.5}]}))
    sent.events.add(name="e")
    body = traces(sent, span(2, parent=1))

    def damage(at: int, byte: int, end: int) -> bytes:
        return (body[:at] + bytes([byte]) + body[at + 1 :])[:end]

    places = st.integers(0, len(body))
    return st.builds(damage, places, st.integers(0, 255), places)


@given(body=st.binary(max_size=400) | damaged_request())
def test_reading_never_raises_and_accounts_for_all_rows(decoder: Decoder, body: bytes) -> None:
    batch = [(1, RECEIVED_NS, "", body)]
    for decoded in (
        decoder.otlp_traces(batch, []),
        decoder.otlp_logs(batch, []),
        decoder.otlp_metrics(batch, []),
    ):
        kept = sum(
            quantity
            for _, category, fate, _, quantity in decoded.counts
            if fate == "accepted" and category != "log_byte"
        )
        tables = {"spans", "logs", "metrics"}
        assert kept == sum(rows for table, _, rows in decoded.blocks if table in tables)


@given(body=st.binary(max_size=400) | damaged_request(), signal=st.sampled_from(SIGNALS))
def test_counting_and_converting_raise_only_their_own_exceptions(body: bytes, signal: str) -> None:
    with suppress(NativeError):
        count, faulty, _ = otlp_count(body, "", signal, 1000)
        assert 0 <= faulty <= count
    with suppress(NativeError):
        # What was converted has the framing of a request.
        otlp_count(otlp_from_json(body, signal), "", signal, 10_000)
