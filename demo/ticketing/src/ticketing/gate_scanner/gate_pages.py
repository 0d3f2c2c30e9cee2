"""The scan page, the API for devices, and the webhook of the lounge."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route
from waymark import ScanMethod

from ticketing.gate_scanner.scanning import Attempt, Refusal
from ticketing.qr import UPLOAD_BYTES_MAX, read_qr_picture
from ticketing.webapp import read_body
from ticketing.webhooks import is_first_time, read_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from waymark import Tracer

    from ticketing.database import Pool
    from ticketing.gate_scanner.scanning import Scanner, Verdict
    from ticketing.settings import Settings
    from ticketing.signed_in import Door
    from ticketing.webapp import Pages

API_BODY_BYTES_MAX: Final = 4_096
SCANNER_LENGTH_MAX: Final = 40
EVENT_LENGTH_MAX: Final = 40
STATUS: Final = {
    None: 200,
    Refusal.UNREADABLE: 422,
    Refusal.FORGED: 422,
    Refusal.UNKNOWN: 404,
    Refusal.WRONG_EVENT: 409,
    Refusal.REVOKED: 409,
    Refusal.USED: 409,
}
SELF_TRACED: Final = ("/scan", "/api/scans")
"""These open their server span themselves, when they know the ticket's trace."""


@dataclass(frozen=True)
class GatePages:
    """What the gate serves."""

    pool: Pool
    pages: Pages
    door: Door
    scanner: Scanner
    settings: Settings
    tracer: Tracer

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/", self._home),
            Route("/scan", self._form),
            Route("/scan", self._scan, methods=["POST"]),
            Route("/api/scans", self._api_scan, methods=["POST"]),
            Route("/webhooks/tickets", self._ticket_news, methods=["POST"]),
        ]

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse("/scan", 303)

    async def _form(self, request: Request) -> Response:
        await self.door.user(request, "gate", "admin")
        return await self._page(request.query_params.get("event_id", ""), "gate-1", None)

    async def _scan(self, request: Request) -> Response:
        await self.door.user(request, "gate", "admin")
        async with request.form(max_files=1) as form:
            code, method = str(form.get("code", "")), ScanMethod.TYPED
            picture = form.get("picture")
            if not code.strip() and isinstance(picture, UploadFile):
                method = ScanMethod.UPLOADED
                code = read_qr_picture(await picture.read(UPLOAD_BYTES_MAX + 1)) or ""
            attempt = _attempt({**form, "code": code, "method": method.value})
        verdict = await self.scanner.scan(attempt, request.scope["headers"], "/scan")
        return await self._page(attempt.event_id, attempt.scanner_id, verdict)

    async def _page(self, event_id: str, scanner_id: str, verdict: Verdict | None) -> Response:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT e.id, e.name, count(g.ticket_id) AS expected,"
                " count(g.ticket_id) FILTER (WHERE g.state = 'admitted') AS admitted"
                " FROM events e LEFT JOIN gate_tickets g"
                " ON g.event_id = e.id AND g.state <> 'revoked'"
                " GROUP BY e.id ORDER BY e.starts_at, e.id LIMIT 100"
            )
            events = await cursor.fetchall()
        chosen = next((event for event in events if event["id"] == event_id), None)
        return self.pages.answer(
            "scan.html", events=events, chosen=chosen or (events[0] if events else None),
            scanner_id=scanner_id, verdict=verdict,
        )  # fmt: skip

    async def _api_scan(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        expected = f"Bearer {self.settings.scanner_token}"
        if not self.settings.scanner_token or not hmac.compare_digest(
            given.encode(), expected.encode()
        ):
            return JSONResponse({"error": "a scanner's bearer token is needed"}, 401)
        try:
            fields = json.loads(await read_body(request, API_BODY_BYTES_MAX))
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            return JSONResponse({"error": "the body must be a JSON object"}, 400)
        attempt = _attempt({"method": ScanMethod.API.value, **fields})
        verdict = await self.scanner.scan(attempt, request.scope["headers"], "/api/scans")
        return JSONResponse(
            {
                "outcome": verdict.outcome,
                "reason": verdict.refusal.name if verdict.refusal else None,
                "message": verdict.refusal.value if verdict.refusal else "Welcome.",
                "ticket_id": verdict.ticket_id,
                "trace_id": verdict.trace_id,
                "admitted_at": verdict.admitted_at.isoformat() if verdict.admitted_at else None,
            },
            STATUS[verdict.refusal],
        )

    async def _ticket_news(self, request: Request) -> Response:
        message = await read_webhook(request, self.settings.webhook_key, self.tracer)
        tickets = message.get("tickets")
        if message.get("kind") not in {"ticket.issued", "ticket.revoked"} or not isinstance(
            tickets, list
        ):
            raise HTTPException(400, "not a message of ours")
        state = "revoked" if message["kind"] == "ticket.revoked" else "issued"
        async with self.pool.connection() as connection, connection.transaction():
            if not await is_first_time(connection, "gate-scanner", message["id"]):
                return JSONResponse({"result": "known already"})
            for ticket in tickets:
                # "Revoked" may overtake "issued"; an admitted ticket stays admitted.
                await connection.execute(
                    "INSERT INTO gate_tickets (ticket_id, event_id, traceparent, state)"
                    " VALUES (%(id)s, %(event_id)s, %(traceparent)s, %(state)s)"
                    " ON CONFLICT (ticket_id) DO UPDATE SET state = excluded.state"
                    " WHERE gate_tickets.state = 'issued' AND excluded.state = 'revoked'",
                    {**ticket, "state": state},
                )
        return JSONResponse({"result": "noted"}, 202)


def _attempt(fields: Mapping[str, object]) -> Attempt:
    method = str(fields.get("method", ""))
    return Attempt(
        code=_one_line(fields.get("code"), 2_000),
        event_id=_one_line(fields.get("event_id"), EVENT_LENGTH_MAX),
        scanner_id=_one_line(fields.get("scanner_id"), SCANNER_LENGTH_MAX) or "unknown",
        method=ScanMethod(method) if method in set(ScanMethod) else ScanMethod.API,
    )


def _one_line(value: object, length_max: int) -> str:
    """Text that a database and a log line can hold."""
    return "".join(filter(str.isprintable, str(value or "")))[:length_max]
