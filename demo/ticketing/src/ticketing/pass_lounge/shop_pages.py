"""The pages of buyers, the API for other sites, and the webhook of the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ticketing.pass_lounge.orders import EMAIL_LENGTH_MAX, Refusal
from ticketing.pass_lounge.ticket_mail import code_of
from ticketing.qr import qr_png, qr_svg
from ticketing.ticket_code import new_ticket_number
from ticketing.webhooks import is_first_time, read_webhook

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg.rows import DictRow
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from waymark import Tracer

    from ticketing.database import Pool
    from ticketing.pass_lounge.catalogue import Catalogue
    from ticketing.pass_lounge.orders import Orders
    from ticketing.settings import Settings
    from ticketing.webapp import Pages

API_EVENT_COUNT: Final = 6
REFUSAL_STATUS: Final = {Refusal.NO_EVENT: 404, Refusal.SOLD_OUT: 409}


@dataclass(frozen=True)
class ShopPages:
    """Everything that needs no sign-in."""

    pool: Pool
    pages: Pages
    tracer: Tracer
    catalogue: Catalogue
    orders: Orders
    settings: Settings

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/", self._list),
            Route("/events/{event_id}", self._event),
            Route("/events/{event_id}/orders", self._order, methods=["POST"]),
            Route("/events/{event_id}/waitlist", self._join_waitlist, methods=["POST"]),
            Route("/orders/{order_id:uuid}", self._order_page),
            Route("/orders/{order_id:uuid}/{ticket_id}.png", self._ticket_picture),
            Route("/api/events", self._api_events, methods=["GET", "OPTIONS"]),
            Route("/webhooks/scans", self._scan_news, methods=["POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        number = request.query_params.get("page", "1")
        page = await self.catalogue.page(int(number) if number.isdecimal() else 1)
        return self.pages.answer("events.html", page=page)

    async def _event(self, request: Request) -> Response:
        return await self._event_page(request.path_params["event_id"])

    async def _event_page(
        self, event_id: str, *, words: str = "", status: int = 200, said: object = None
    ) -> Response:
        event = await self.catalogue.event(event_id)
        if event is None:
            raise HTTPException(404)
        return self.pages.answer(
            "event.html", status=status, event=event, words=words, said=said or {},
            token=new_ticket_number(),
        )  # fmt: skip

    async def _order(self, request: Request) -> Response:
        event_id = request.path_params["event_id"]
        form = dict(await request.form(max_files=0))
        placed = await self.orders.place(event_id, form)
        if isinstance(placed, Refusal):
            status = REFUSAL_STATUS.get(placed, 400)
            return await self._event_page(event_id, words=placed.value, status=status, said=form)
        return RedirectResponse(f"/orders/{placed}", 303)

    async def _join_waitlist(self, request: Request) -> Response:
        event_id = request.path_params["event_id"]
        email = str((await request.form(max_files=0)).get("email", "")).strip().lower()
        if "@" not in email or len(email) > EMAIL_LENGTH_MAX or not email.isprintable():
            return await self._event_page(event_id, words=Refusal.EMAIL.value, status=400)
        async with self.pool.connection() as connection:
            await connection.execute(
                "INSERT INTO waitlist (event_id, email) SELECT id, %s FROM events WHERE id = %s"
                " ON CONFLICT DO NOTHING",
                [email, event_id],
            )
        return await self._event_page(event_id, words="You are on the waitlist.")

    async def _order_page(self, request: Request) -> Response:
        order_id: UUID = request.path_params["order_id"]
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT o.*, e.name AS event_name, e.venue, e.starts_at FROM orders o"
                " JOIN events e ON e.id = o.event_id WHERE o.id = %s",
                [order_id],
            )
            order = await cursor.fetchone()
            cursor = await connection.execute(
                "SELECT * FROM tickets WHERE order_id = %s ORDER BY id", [order_id]
            )
            tickets = await cursor.fetchall()
        if order is None:
            raise HTTPException(404)
        shown = [{**ticket, "code": self._code(ticket)} for ticket in tickets]
        return self.pages.answer("order.html", order=order, tickets=shown, qr_svg=qr_svg)

    async def _ticket_picture(self, request: Request) -> Response:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT id, event_id, traceparent FROM tickets WHERE order_id = %s AND id = %s",
                [request.path_params["order_id"], request.path_params["ticket_id"]],
            )
            ticket = await cursor.fetchone()
        if ticket is None:
            raise HTTPException(404)
        return Response(qr_png(self._code(ticket)), media_type="image/png")

    def _code(self, ticket: DictRow) -> str:
        return code_of(ticket, self.settings.ticket_key)

    async def _api_events(self, request: Request) -> Response:
        """For the marketing site, which lives at another origin and brings its trace along."""
        headers = {
            "access-control-allow-origin": self.settings.nights_url,
            "access-control-allow-headers": "traceparent, tracestate",
            "access-control-max-age": "600",
            "vary": "origin",
        }
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        page = await self.catalogue.page(1)
        names = ("id", "name", "venue", "price_cents", "tickets_left")
        events = [
            {**{name: event[name] for name in names}, "starts_at": event["starts_at"].isoformat()}
            for event in page.events[:API_EVENT_COUNT]
        ]
        return JSONResponse({"events": events}, headers=headers)

    async def _scan_news(self, request: Request) -> Response:
        message = await read_webhook(request, self.settings.webhook_key, self.tracer)
        async with self.pool.connection() as connection, connection.transaction():
            if not await is_first_time(connection, "pass-lounge", message["id"]):
                return JSONResponse({"result": "known already"})
            await connection.execute(
                "UPDATE tickets SET state = 'admitted', admitted_at = %s"
                " WHERE id = %s AND state = 'issued'",
                [message.get("admitted_at"), message.get("ticket_id")],
            )
        return JSONResponse({"result": "noted"}, 202)
