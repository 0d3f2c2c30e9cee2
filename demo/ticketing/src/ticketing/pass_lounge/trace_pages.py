"""The trace pages: a list with filters, one trace as a waterfall, its scans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from ticketing.pass_lounge.waterfall import colours_of, lay_out

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ticketing.database import Pool
    from ticketing.signed_in import Door
    from ticketing.webapp import Pages

TRACE_COUNT_MAX: Final = 100
SLOW_MS: Final = 1_000
FAST_MS: Final = 100
SEARCH_LENGTH_MAX: Final = 64

_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the list says; anything unknown means "all"."""

    service: str
    status: str
    duration: str
    search: str

    @classmethod
    def read(cls, request: Request) -> Filters:
        """From the query."""
        given = request.query_params
        status, duration = given.get("status", ""), given.get("duration", "")
        return cls(
            service=_printable(given.get("service", "")),
            status=status if status in {"errors", "success"} else "",
            duration=duration if duration in {"slow", "fast"} else "",
            search=_printable(given.get("search", "")),
        )

    @property
    def values(self) -> list[object]:
        """The arguments of `list_traces`."""
        return [
            self.service or None,
            self.status or None,
            SLOW_MS if self.duration == "slow" else None,
            FAST_MS if self.duration == "fast" else None,
            self.search.strip() or None,
            TRACE_COUNT_MAX,
        ]


def _printable(text: str) -> str:
    """PostgreSQL takes no NUL."""
    return "".join(filter(str.isprintable, text))[:SEARCH_LENGTH_MAX]


@dataclass(frozen=True)
class TracePages:
    """Reads the journal as a role that can do nothing else."""

    journal: Pool
    pages: Pages
    door: Door

    def routes(self) -> list[BaseRoute]:
        """Both pages."""
        return [
            Route("/admin/traces", self._list),
            Route("/admin/traces/{trace_id}", self._detail),
        ]

    async def _list(self, request: Request) -> Response:
        user = await self.door.user(request, "admin")
        filters = Filters.read(request)
        async with self.journal.connection() as connection:
            cursor = await connection.execute(
                "SELECT * FROM list_traces(%s, %s, %s, %s, %s, %s)", filters.values
            )
            traces = await cursor.fetchall()
            cursor = await connection.execute("SELECT list_trace_services() AS name")
            services = [row["name"] for row in await cursor.fetchall()]
        return self.pages.answer(
            "traces.html", user=user, traces=traces, services=services, filters=filters,
            trace_count_max=TRACE_COUNT_MAX,
        )  # fmt: skip

    async def _detail(self, request: Request) -> Response:
        user = await self.door.user(request, "admin")
        trace_id = request.path_params["trace_id"].lower()
        if not _TRACE_ID.fullmatch(trace_id):
            raise HTTPException(404)
        async with self.journal.connection() as connection:
            cursor = await connection.execute("SELECT * FROM get_trace_tree(%s)", [trace_id])
            spans = await cursor.fetchall()
            cursor = await connection.execute(
                "SELECT * FROM trace_summaries WHERE trace_id = %s", [trace_id]
            )
            summary = await cursor.fetchone()
            cursor = await connection.execute(
                "SELECT * FROM get_scan_logs_by_trace(%s)", [trace_id]
            )
            scans = await cursor.fetchall()
        if summary is None and not scans:
            raise HTTPException(404)
        return self.pages.answer(
            "trace.html", user=user, trace_id_shown=trace_id, summary=summary,
            rows=lay_out(spans), services=colours_of(spans), scans=scans,
        )  # fmt: skip
