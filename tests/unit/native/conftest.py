"""What the tests of the extension share."""

import pytest

from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.native import Decoder

DAY_NS = 86_400_000_000_000


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(
        SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS, past_ns_max=30 * DAY_NS, future_ns_max=DAY_NS
    )
