"""Signatures: right key, right body, not long ago."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.webhook_signature import AGE_S_MAX, SignatureFault, check, sign

NOW = 1_790_000_000
BODY = b'{"kind": "ticket.issued"}'


@pytest.mark.parametrize("age_s", [0, AGE_S_MAX, -AGE_S_MAX])
def test_a_right_signature_is_believed(age_s: int) -> None:
    assert check(BODY, "key", sign(BODY, "key", now_s=NOW - age_s), now_s=NOW) is None


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        pytest.param(None, SignatureFault.MISSING, id="missing"),
        pytest.param("v1=abc", SignatureFault.MISSING, id="another form"),
        pytest.param(sign(BODY, "other", now_s=NOW), SignatureFault.WRONG, id="another key"),
        pytest.param(sign(b"{}", "key", now_s=NOW), SignatureFault.WRONG, id="another body"),
        pytest.param(
            sign(BODY, "key", now_s=NOW).replace(str(NOW), str(NOW + 1)),
            SignatureFault.WRONG,
            id="another time than was signed",
        ),
        pytest.param(
            sign(BODY, "key", now_s=NOW - AGE_S_MAX - 1), SignatureFault.OLD, id="too old"
        ),
        pytest.param(
            sign(BODY, "key", now_s=NOW + AGE_S_MAX + 1), SignatureFault.OLD, id="from the future"
        ),
    ],
)
def test_any_other_is_refused_by_name(header: str | None, fault: SignatureFault) -> None:
    assert check(BODY, "key", header, now_s=NOW) is fault


@given(st.text(), st.binary())
def test_any_header_is_read_without_raising(header: str, body: bytes) -> None:
    assert check(body, "key", header, now_s=NOW) is not None
