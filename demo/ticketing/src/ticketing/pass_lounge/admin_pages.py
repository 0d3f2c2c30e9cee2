"""Pages for admins beside the traces: orders and faults on purpose."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from ticketing.faults import Fault, faults_on, switch_all_off, switch_on

if TYPE_CHECKING:
    from uuid import UUID

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ticketing.database import Pool
    from ticketing.pass_lounge.orders import Orders
    from ticketing.signed_in import Door
    from ticketing.webapp import Pages

ORDER_COUNT_MAX: Final = 50
FAULT_SECONDS_DEFAULT: Final = 60


@dataclass(frozen=True)
class AdminPages:
    """Each asks who it is first."""

    pool: Pool
    pages: Pages
    door: Door
    orders: Orders

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/admin", self._home),
            Route("/admin/orders", self._orders),
            Route("/admin/orders/{order_id:uuid}/cancel", self._cancel, methods=["POST"]),
            Route("/admin/faults", self._faults),
            Route("/admin/faults", self._switch, methods=["POST"]),
        ]

    async def _home(self, request: Request) -> Response:
        await self.door.user(request, "admin")
        return RedirectResponse("/admin/traces", 303)

    async def _orders(self, request: Request) -> Response:
        user = await self.door.user(request, "admin")
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT o.*, e.name AS event_name FROM orders o JOIN events e ON e.id = o.event_id"
                " ORDER BY o.created_at DESC LIMIT %s",
                [ORDER_COUNT_MAX],
            )
            orders = await cursor.fetchall()
        return self.pages.answer(
            "orders.html", user=user, orders=orders, order_count_max=ORDER_COUNT_MAX
        )

    async def _cancel(self, request: Request) -> Response:
        await self.door.user(request, "admin")
        order_id: UUID = request.path_params["order_id"]
        await self.orders.cancel(order_id)
        return RedirectResponse("/admin/orders", 303)

    async def _faults(self, request: Request) -> Response:
        user = await self.door.user(request, "admin")
        async with self.pool.connection() as connection:
            on = await faults_on(connection)
        return self.pages.answer("faults.html", user=user, faults=list(Fault), on=on)

    async def _switch(self, request: Request) -> Response:
        await self.door.user(request, "admin")
        form = await request.form(max_files=0)
        seconds = FAULT_SECONDS_DEFAULT
        with contextlib.suppress(ValueError):
            seconds = int(str(form.get("seconds", seconds)))
        name = str(form.get("name", ""))
        async with self.pool.connection() as connection:
            if name == "all-off":
                await switch_all_off(connection)
            elif name in set(Fault):
                await switch_on(connection, Fault(name), seconds)
            else:
                raise HTTPException(404)
        return RedirectResponse("/admin/faults", 303)
