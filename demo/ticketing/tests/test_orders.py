"""Orders on the real platform: what is bought, what is refused, what nobody can buy twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ticketing.qr import read_qr_picture
from ticketing.scenario_visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from ticketing.platform.layout import Layout

pytestmark = pytest.mark.platform

RACE_COUNT = 100


def left(shop: psycopg.Connection, event_id: str) -> int:
    row = shop.execute("SELECT tickets_left FROM events WHERE id = %s", [event_id]).fetchone()
    assert row is not None
    return int(row[0])


def test_an_order_takes_seats_and_sends_its_tickets_by_mail(
    visitor: Visitor, shop: psycopg.Connection
) -> None:
    before = left(shop, "synth")

    placed = visitor.order("synth", quantity=3, email="ada@example.org")

    assert placed.status == 303
    assert len(placed.codes) == 3
    assert left(shop, "synth") == before - 3
    mail = next(
        mail for mail in visitor.get("mail", "/api/mails").json() if mail["to"] == "ada@example.org"
    )
    assert mail["subject"] == "Your tickets for Synthesiser Fair"
    assert mail["attachments"].count(".png") == 3
    number = placed.codes[0].split(".")[1]
    assert number in mail["text"]
    picture = visitor.get("pass-lounge", f"{placed.order_path}/{number}.png")
    assert read_qr_picture(picture.content) == placed.codes[0]


def test_a_form_sent_twice_orders_once(
    visitor: Visitor, shop: psycopg.Connection, layout: Layout
) -> None:
    form = {"name": "A", "email": "twice@example.org", "quantity": "1", "token": "the same"}
    before = left(shop, "synth")

    answers = [
        visitor._http.post(layout.url("pass-lounge") + "/events/synth/orders", data=form)
        for _ in range(2)
    ]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert left(shop, "synth") == before - 1


@pytest.mark.parametrize(
    ("event_id", "form", "status", "words"),
    [
        ("synth", {"name": "", "email": "a@b.cd", "quantity": "1"}, 400, "give your name"),
        ("synth", {"name": "A", "email": "x", "quantity": "1"}, 400, "e-mail address"),
        ("synth", {"name": "A", "email": "a@b.cd", "quantity": "9"}, 400, "between 1 and 6"),
        ("nothing", {"name": "A", "email": "a@b.cd", "quantity": "1"}, 404, "no such page"),
        ("last-seat", {"name": "A", "email": "a@b.cd", "quantity": "2"}, 409, "not enough tickets"),
    ],
)
def test_a_bad_order_is_refused_in_words(
    visitor: Visitor, layout: Layout, event_id: str, form: dict[str, str], status: int, words: str
) -> None:
    url = f"{layout.url('pass-lounge')}/events/{event_id}/orders"

    answer = visitor._http.post(url, data=form)

    assert answer.status_code == status
    assert words in answer.text


def test_two_buyers_of_the_last_seat_a_hundred_times_never_oversell(
    visitor: Visitor, layout: Layout, shop: psycopg.Connection
) -> None:
    rival = Visitor(layout)
    sold: list[list[int]] = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(RACE_COUNT):
            shop.execute("UPDATE events SET tickets_left = 1 WHERE id = 'last-seat'")
            both = [pool.submit(one.order, "last-seat") for one in (visitor, rival)]
            sold.append(sorted(one.result().status for one in both))
    rival.close()

    assert sold == [[303, 409]] * RACE_COUNT
    assert left(shop, "last-seat") == 0


def test_who_waits_is_marked_when_they_order(
    visitor: Visitor, layout: Layout, shop: psycopg.Connection
) -> None:
    shop.execute("UPDATE events SET tickets_left = 0 WHERE id = 'last-seat'")
    page = visitor.get("pass-lounge", "/events/last-seat")
    assert "Join the waitlist" in page.text
    url = layout.url("pass-lounge") + "/events/last-seat/waitlist"
    for _ in range(2):
        assert visitor._http.post(url, data={"email": "Wait@example.org"}).status_code == 200

    shop.execute("UPDATE events SET tickets_left = 1 WHERE id = 'last-seat'")
    placed = visitor.order("last-seat", email="wait@example.org")

    rows = shop.execute(
        "SELECT converted_order_id::text FROM waitlist WHERE email = 'wait@example.org'"
    ).fetchall()
    assert rows == [(placed.order_path.rpartition("/")[2],)]


def test_a_cancelled_order_frees_its_seats_and_is_refused_at_the_gate(
    visitor: Visitor, shop: psycopg.Connection, wait_until: Callable[..., None]
) -> None:
    before = left(shop, "noodles")
    placed = visitor.order("noodles", quantity=2)
    order_id = placed.order_path.rpartition("/")[2]

    answer = visitor.admin_post(f"/admin/orders/{order_id}/cancel", {})

    assert answer.status_code == 303
    assert left(shop, "noodles") == before
    number = placed.codes[0].split(".")[1]
    known = "SELECT state FROM gate_tickets WHERE ticket_id = %s"
    wait_until(lambda: shop.execute(known, [number]).fetchone() == ("revoked",))
    assert visitor.scan(placed.codes[0], "noodles")["reason"] == "REVOKED"


def test_mail_that_cannot_be_sent_is_sent_later(
    visitor: Visitor, layout: Layout, shop: psycopg.Connection, wait_until: Callable[..., None]
) -> None:
    from ticketing.platform.supervision import Control  # noqa: PLC0415 - only this test stops things

    Control(layout).stop("mail")
    placed = visitor.order("synth", email="patient@example.org")
    state = "SELECT mail_state FROM orders WHERE id = %s"
    order_id = placed.order_path.rpartition("/")[2]
    assert placed.status == 303
    assert shop.execute(state, [order_id]).fetchone() == ("queued",)

    Control(layout).start("mail")

    wait_until(lambda: shop.execute(state, [order_id]).fetchone() == ("sent",))
    recipients = [mail["to"] for mail in visitor.get("mail", "/api/mails").json()]
    assert "patient@example.org" in recipients
