"""The gate on the real platform: who gets in, who does not, and who is not even listened to."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from ticketing import webhook_signature
from ticketing.platform.seed import GATE_EMAIL
from ticketing.qr import qr_png
from ticketing.scenario_visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from ticketing.platform.layout import Layout

pytestmark = pytest.mark.platform
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def gate(layout: Layout) -> Iterator[httpx.Client]:
    """Somebody of the gate, signed in."""
    with httpx.Client(base_url=layout.url("gate-scanner"), timeout=20) as client:
        form = {"email": GATE_EMAIL, "password": layout.secrets.gate_password}
        assert client.post("/sign-in", data=form).status_code == 303
        yield client


def test_an_uploaded_picture_is_as_good_as_a_code(visitor: Visitor, gate: httpx.Client) -> None:
    code = visitor.order("open-air").codes[0]
    form = {"event_id": "open-air", "scanner_id": "gate-7", "code": ""}

    answers = [
        gate.post("/scan", data=form, files={"picture": ("ticket.png", qr_png(code), "image/png")})
        for _ in range(2)
    ]

    assert "Welcome" in answers[0].text
    assert "used before" in answers[1].text


def test_a_number_may_be_typed_before_the_code_was_ever_seen(
    visitor: Visitor, gate: httpx.Client, shop: psycopg.Connection
) -> None:
    placed = visitor.order("open-air")
    number = placed.codes[0].split(".")[1]
    shop.execute(
        "INSERT INTO gate_tickets (ticket_id, event_id, traceparent) SELECT id, event_id,"
        " traceparent FROM tickets WHERE id = %s ON CONFLICT DO NOTHING",
        [number],
    )

    answer = gate.post("/scan", data={"event_id": "open-air", "code": number.lower()})

    assert "Welcome" in answer.text
    assert placed.trace_id in answer.text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ZZZZZZZZZZZZ", "no ticket with this number"),
        ("hello", "not a ticket code"),
        ("", "not a ticket code"),
        ("T1.A.open-air.x.y", "not issued by us"),
        ("<script>alert(1)</script>\0", "not a ticket code"),
    ],
)
def test_nonsense_is_refused_in_words(gate: httpx.Client, code: str, words: str) -> None:
    answer = gate.post("/scan", data={"event_id": "open-air", "code": code})

    assert answer.status_code == 200
    assert words in answer.text
    assert "<script>alert" not in answer.text


def test_of_two_scans_at_once_only_one_is_admitted(visitor: Visitor, layout: Layout) -> None:
    rival = Visitor(layout)
    codes = [code for _ in range(4) for code in visitor.order("brass", quantity=5).codes]
    with ThreadPoolExecutor(2) as pool:
        answers = [
            sorted(
                str(one.result()["outcome"])
                for one in [pool.submit(each.scan, code, "brass") for each in (visitor, rival)]
            )
            for code in codes
        ]
    rival.close()

    assert answers == [["admitted", "refused"]] * 20


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic x"])
def test_a_scanner_without_its_token_is_not_listened_to(layout: Layout, token: str) -> None:
    answer = httpx.post(
        layout.url("gate-scanner") + "/api/scans", json={}, headers={"authorization": token}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[]", 400), (b"\xff", 400), (b"{}", 422), (b" " * 5_000, 413)],
)
def test_a_scanner_that_sends_nonsense_is_told_so(layout: Layout, body: bytes, status: int) -> None:
    headers = {"authorization": f"Bearer {layout.secrets.scanner_token}"}

    answer = httpx.post(layout.url("gate-scanner") + "/api/scans", content=body, headers=headers)

    assert answer.status_code == status


def issued(ticket_id: str) -> dict[str, object]:
    ticket = {"id": ticket_id, "event_id": "open-air", "traceparent": TRACEPARENT}
    return {"id": str(uuid.uuid4()), "kind": "ticket.issued", "tickets": [ticket]}


def test_a_replayed_webhook_is_obeyed_once(
    visitor: Visitor, layout: Layout, shop: psycopg.Connection
) -> None:
    message = {**issued("000000000001"), "kind": "ticket.revoked"}

    first = visitor.send_webhook(message)
    shop.execute("UPDATE gate_tickets SET state = 'issued' WHERE ticket_id = '000000000001'")
    again = visitor.send_webhook(message)

    assert (first.status_code, again.status_code) == (202, 200)
    state = "SELECT state FROM gate_tickets WHERE ticket_id = '000000000001'"
    assert shop.execute(state).fetchone() == ("issued",)


def test_revoked_may_overtake_issued(visitor: Visitor, shop: psycopg.Connection) -> None:
    visitor.send_webhook({**issued("000000000002"), "kind": "ticket.revoked"})
    visitor.send_webhook(issued("000000000002"))

    state = "SELECT state FROM gate_tickets WHERE ticket_id = '000000000002'"
    assert shop.execute(state).fetchone() == ("revoked",)


def test_a_webhook_that_is_not_signed_right_changes_nothing(
    visitor: Visitor, layout: Layout, shop: psycopg.Connection
) -> None:
    url = layout.url("gate-scanner") + "/webhooks/tickets"
    body = json.dumps(issued("000000000003")).encode()
    key = layout.secrets.webhook_key
    old = webhook_signature.sign(body, key, now_s=round(time.time()) - 3_600)
    other_body = webhook_signature.sign(body + b" ", key, now_s=round(time.time()))

    statuses = [
        visitor.send_webhook(issued("000000000003"), key="guessed").status_code,
        httpx.post(url, content=body).status_code,
        httpx.post(url, content=body, headers={webhook_signature.HEADER: old}).status_code,
        httpx.post(url, content=body, headers={webhook_signature.HEADER: other_body}).status_code,
    ]

    assert statuses == [401, 401, 401, 401]
    state = "SELECT state FROM gate_tickets WHERE ticket_id = '000000000003'"
    assert shop.execute(state).fetchone() is None


@pytest.mark.parametrize(
    "message",
    [{"id": "no uuid"}, {"kind": "other"}, {"kind": "ticket.issued", "tickets": "none"}],
)
def test_a_signed_message_of_another_form_is_refused(
    visitor: Visitor, message: dict[str, object]
) -> None:
    assert visitor.send_webhook(message).status_code == 400
