"""The mail with the tickets of an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from ticketing.qr import qr_png
from ticketing.ticket_code import SignedTicket, write_code

if TYPE_CHECKING:
    from psycopg.rows import DictRow

    from ticketing.database import Pool
    from ticketing.mail import Mailer
    from ticketing.outbox import Message


def code_of(ticket: DictRow, key: str) -> str:
    """What the QR picture of a ticket says."""
    return write_code(SignedTicket(ticket["id"], ticket["event_id"], ticket["traceparent"]), key)


@dataclass(frozen=True)
class TicketMail:
    """Sends one mail per order, with one picture per ticket."""

    pool: Pool
    mailer: Mailer
    ticket_key: str
    lounge_url: str

    async def send(self, order_id: UUID) -> None:
        """Raises what `Mailer.send` raises."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT o.buyer_name, o.buyer_email, e.name, e.venue, e.starts_at FROM orders o"
                " JOIN events e ON e.id = o.event_id WHERE o.id = %s",
                [order_id],
            )
            order = await cursor.fetchone()
            cursor = await connection.execute(
                "SELECT id, event_id, traceparent FROM tickets WHERE order_id = %s ORDER BY id",
                [order_id],
            )
            tickets = await cursor.fetchall()
        assert order is not None, "orders are never deleted"
        numbers = "\n".join(f"  {ticket['id']}" for ticket in tickets)
        await self.mailer.send(
            to=order["buyer_email"],
            subject=f"Your tickets for {order['name']}",
            text=f"Hello {order['buyer_name']},\n\n{order['name']}, {order['venue']}, "
            f"{order['starts_at']:%A %d %B %Y, %H:%M}\n\nTickets:\n{numbers}\n\n"
            f"Show the QR codes at the gate, or see {self.lounge_url}/orders/{order_id}\n",
            pictures={
                f"ticket-{ticket['id']}.png": qr_png(code_of(ticket, self.ticket_key))
                for ticket in tickets
            },
        )

    async def send_later(self, message: Message) -> None:
        """The same for a mail that could not be sent with its order."""
        order_id = UUID(str(message.body["order_id"]))
        await self.send(order_id)
        async with self.pool.connection() as connection:
            await connection.execute(
                "UPDATE orders SET mail_state = 'sent' WHERE id = %s", [order_id]
            )
