"""An order from the form to the tickets in the buyer's mail."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final
from uuid import UUID

from psycopg.errors import UniqueViolation

from ticketing.faults import Fault, faults_on
from ticketing.outbox import put_message
from ticketing.ticket_code import new_ticket_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg.rows import DictRow
    from waymark import Span, Tracer

    from ticketing.database import Connection, Pool
    from ticketing.outbox import Courier
    from ticketing.pass_lounge.catalogue import Catalogue
    from ticketing.pass_lounge.ticket_mail import TicketMail

QUANTITY_MAX: Final = 6
NAME_LENGTH_MAX: Final = 80
EMAIL_LENGTH_MAX: Final = 120
TOKEN_LENGTH_MAX: Final = 64
SENDER: Final = "pass-lounge"

_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


@unique
class Refusal(StrEnum):
    """Why there is no order, in words for the buyer."""

    NAME = "Please give your name, at most 80 letters."
    EMAIL = "Please give an e-mail address that we can send the tickets to."
    QUANTITY = "Please choose between 1 and 6 tickets."
    NO_EVENT = "There is no such event."
    SOLD_OUT = "There are not enough tickets left."


@dataclass(frozen=True, slots=True)
class OrderForm:
    """What the buyer asked for, checked."""

    event_id: str
    name: str
    email: str
    quantity: int
    token: str


class PrinterJamError(Exception):
    """The fault `printer-jam` is on."""


def read_form(event_id: str, fields: Mapping[str, object]) -> OrderForm | Refusal:
    """Check a form; the first thing wrong with it is the answer."""
    name = " ".join(str(fields.get("name", "")).split())
    email = str(fields.get("email", "")).strip().lower()
    quantity = str(fields.get("quantity", ""))
    if not name or len(name) > NAME_LENGTH_MAX or not name.isprintable():
        return Refusal.NAME
    if len(email) > EMAIL_LENGTH_MAX or not _EMAIL.fullmatch(email) or not email.isprintable():
        return Refusal.EMAIL
    if not re.fullmatch(r"[0-9]{1,2}", quantity) or not 1 <= int(quantity) <= QUANTITY_MAX:
        return Refusal.QUANTITY
    token = str(fields.get("token", ""))[:TOKEN_LENGTH_MAX]
    return OrderForm(event_id, name, email, int(quantity), token or new_ticket_number())


@dataclass(frozen=True)
class Orders:
    """Takes orders and takes them back."""

    pool: Pool
    tracer: Tracer
    catalogue: Catalogue
    ticket_mail: TicketMail
    courier: Courier

    async def place(self, event_id: str, fields: Mapping[str, object]) -> UUID | Refusal:
        """The whole road of an order; the id of the order, or why there is none."""
        span = self.tracer.current()
        form = self._validate(event_id, fields)
        if isinstance(form, Refusal):
            return form
        try:
            sold = await self._sell(form, span)
        except UniqueViolation:
            return await self._order_of(form.token)  # the same form, sent twice
        if isinstance(sold, Refusal):
            span.set_attribute("order.refused", sold.name)
            return sold
        self.courier.knock()
        await self._send_mail(sold)
        with self.tracer.with_span("order.invalidate-cache"):
            self.catalogue.forget()
        return sold

    async def cancel(self, order_id: UUID) -> bool:
        """Take an order back: seats are free again, the gate is told, used tickets stay used."""
        async with self.pool.connection() as connection, connection.transaction():
            cursor = await connection.execute(
                "UPDATE orders SET cancelled_at = now() WHERE id = %s AND cancelled_at IS NULL"
                " RETURNING event_id",
                [order_id],
            )
            order = await cursor.fetchone()
            if order is None:
                return False
            cursor = await connection.execute(
                "UPDATE tickets SET state = 'revoked' WHERE order_id = %s AND state = 'issued'"
                " RETURNING id, event_id, traceparent",
                [order_id],
            )
            revoked = await cursor.fetchall()
            await connection.execute(
                "UPDATE events SET tickets_left = tickets_left + %s WHERE id = %s",
                [len(revoked), order["event_id"]],
            )
            if revoked:
                await _tell_gate(connection, "ticket.revoked", revoked)
        self.catalogue.forget()
        self.courier.knock()
        return True

    def _validate(self, event_id: str, fields: Mapping[str, object]) -> OrderForm | Refusal:
        with self.tracer.with_span("order.validate-input") as span:
            form = read_form(event_id, fields)
            if isinstance(form, Refusal):
                span.set_attribute("order.refused", form.name)
            return form

    async def _sell(self, form: OrderForm, order_span: Span) -> UUID | Refusal:
        """Seats, order, tickets and the message to the gate: all of it or nothing."""
        async with self.pool.connection() as connection, connection.transaction():
            faults = await faults_on(connection)
            price = await self._take_seats(connection, form, is_slow=Fault.SLOW_INVENTORY in faults)
            if isinstance(price, Refusal):
                return price
            async with self.tracer.with_span("order.create-order"):
                order_id = await _insert_order(connection, form, price, order_span)
            order_span.add_event(
                "order.created", {"order.id": str(order_id), "order.quantity": form.quantity}
            )
            async with self.tracer.with_span("order.generate-tickets"):
                if Fault.PRINTER_JAM in faults:
                    raise PrinterJamError("the ticket printer is jammed")
                tickets = await _insert_tickets(connection, form, order_id, order_span)
            order_span.add_event("tickets.generated", {"ticket.count": len(tickets)})
            async with self.tracer.with_span("order.convert-waitlist") as span:
                span.set_attribute(
                    "waitlist.converted", value=await _convert_waitlist(connection, form, order_id)
                )
            await _tell_gate(connection, "ticket.issued", tickets)
        return order_id

    async def _take_seats(
        self, connection: Connection, form: OrderForm, *, is_slow: bool
    ) -> int | Refusal:
        """The price of one seat, after the seats are ours."""
        async with self.tracer.with_span(
            "order.check-inventory", {"event.id": form.event_id, "order.quantity": form.quantity}
        ) as span:
            if is_slow:
                await connection.execute("SELECT pg_sleep(1.2)")
            # One statement that checks and takes: two buyers of the last seat queue at the row.
            cursor = await connection.execute(
                "UPDATE events SET tickets_left = tickets_left - %(quantity)s"
                " WHERE id = %(event_id)s AND tickets_left >= %(quantity)s"
                " RETURNING price_cents, tickets_left",
                {"event_id": form.event_id, "quantity": form.quantity},
            )
            taken = await cursor.fetchone()
            if taken is not None:
                span.set_attribute("tickets_left", taken["tickets_left"])
                return int(taken["price_cents"])
            cursor = await connection.execute("SELECT 1 FROM events WHERE id = %s", [form.event_id])
            return Refusal.SOLD_OUT if await cursor.fetchone() else Refusal.NO_EVENT

    async def _order_of(self, token: str) -> UUID:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT id FROM orders WHERE form_token = %s", [token]
            )
            row = await cursor.fetchone()
        assert row is not None, "orders are never deleted"
        return UUID(str(row["id"]))

    async def _send_mail(self, order_id: UUID) -> None:
        """A mail server that is away does not undo an order: the mail goes out later."""
        state = "sent"
        try:
            async with self.tracer.with_span("order.send-email"):
                await self.ticket_mail.send(order_id)
        except (OSError, smtplib.SMTPException):
            state = "queued"
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(
                "UPDATE orders SET mail_state = %s WHERE id = %s", [state, order_id]
            )
            if state == "queued":
                await put_message(
                    connection, sender=SENDER, kind="mail.tickets",
                    body={"order_id": str(order_id)},
                    traceparent=self.tracer.current().traceparent,
                )  # fmt: skip


async def _insert_order(
    connection: Connection, form: OrderForm, price_cents: int, span: Span
) -> UUID:
    cursor = await connection.execute(
        "INSERT INTO orders (event_id, buyer_name, buyer_email, quantity, total_cents, form_token,"
        " traceparent) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            form.event_id, form.name, form.email, form.quantity, form.quantity * price_cents,
            form.token, span.traceparent,
        ],
    )  # fmt: skip
    row = await cursor.fetchone()
    assert row is not None, "INSERT … RETURNING gives one row"
    return UUID(str(row["id"]))


async def _insert_tickets(
    connection: Connection, form: OrderForm, order_id: UUID, span: Span
) -> list[DictRow]:
    cursor = await connection.execute(
        "INSERT INTO tickets (id, order_id, event_id, traceparent)"
        " SELECT number, %s, %s, %s FROM unnest(%s::text[]) AS number"
        " RETURNING id, event_id, traceparent",
        [
            order_id, form.event_id, span.traceparent,
            [new_ticket_number() for _ in range(form.quantity)],
        ],
    )  # fmt: skip
    return await cursor.fetchall()


async def _convert_waitlist(connection: Connection, form: OrderForm, order_id: UUID) -> bool:
    cursor = await connection.execute(
        "UPDATE waitlist SET converted_order_id = %s"
        " WHERE event_id = %s AND email = %s AND converted_order_id IS NULL",
        [order_id, form.event_id, form.email],
    )
    return cursor.rowcount > 0


async def _tell_gate(connection: Connection, kind: str, tickets: list[DictRow]) -> None:
    await put_message(
        connection,
        sender=SENDER,
        kind=kind,
        body={"tickets": [dict(ticket) for ticket in tickets]},
        traceparent=str(tickets[0]["traceparent"]),
    )
