"""Traces written down as people would tell them: what a request did, when, and for how long."""

from collections.abc import Mapping

from vedette.pipeline.detectors.seen_span import SeenSpan, Value
from vedette.pipeline.detectors.trace_tree import TraceTree, grow_tree

MS = 1_000_000
TRACE_ID = "0" * 31 + "1"


class ToldTrace:
    """Begins with a request (or page, or job); what is told next happens within it."""

    def __init__(
        self,
        route: str = "/list",
        *,
        op: str = "",
        kind: str = "server",
        length_ms: float = 1_000,
        platform: str = "",
        attributes: Mapping[str, Value] | None = None,
    ) -> None:
        self.spans: list[SeenSpan] = []
        given = {"http.route": route} if kind == "server" else {}
        self.span(
            0,
            length_ms,
            f"GET {route}" if kind == "server" else route,
            under="",
            kind=kind,
            op=op,
            is_segment=True,
            platform=platform,
            attributes=given | dict(attributes or {}),
        )

    def span(
        self,
        start_ms: float,
        length_ms: float,
        name: str = "work",
        *,
        under: str | None = None,
        kind: str = "internal",
        op: str = "",
        service: str = "shop",
        is_failed: bool = False,
        is_segment: bool = False,
        platform: str = "",
        scope: str = "",
        attributes: Mapping[str, Value] | None = None,
    ) -> str:
        """Tell of a span; return its id."""
        span_id = f"{len(self.spans) + 1:016x}"
        self.spans.append(
            SeenSpan(
                span_id=span_id,
                parent_id=self.spans[0].span_id if under is None else under,
                project_id=1,
                start_ns=int(start_ms * MS),
                end_ns=int((start_ms + length_ms) * MS),
                name=name,
                op=op,
                kind=kind,
                is_failed=is_failed,
                is_segment=is_segment,
                segment_name=name if is_segment else "",
                service=service,
                platform=platform,
                scope_name=scope,
                attributes=attributes or {},
            )
        )
        return span_id

    def query(
        self,
        start_ms: float,
        length_ms: float,
        text: str,
        *,
        under: str | None = None,
        system: str = "postgresql",
        scope: str = "",
        **more: Value,
    ) -> str:
        """Tell of a database query; `__` in names stands for a dot."""
        attributes: dict[str, Value] = {"db.system.name": system, "db.query.text": text}
        attributes |= {name.replace("__", "."): value for name, value in more.items()}
        return self.span(
            start_ms,
            length_ms,
            text.split(maxsplit=1)[0],
            under=under,
            kind="client",
            scope=scope,
            attributes=attributes,
        )

    def call(
        self,
        start_ms: float,
        length_ms: float,
        address: str,
        *,
        method: str = "GET",
        status: int = 200,
        under: str | None = None,
        **more: Value,
    ) -> str:
        """Tell of an HTTP call."""
        attributes: dict[str, Value] = {
            "http.request.method": method,
            "url.full": address,
            "http.response.status_code": status,
        }
        attributes |= {name.replace("__", "."): value for name, value in more.items()}
        return self.span(
            start_ms,
            length_ms,
            method,
            under=under,
            kind="client",
            op="http.client",
            attributes=attributes,
        )

    def served(
        self,
        call_id: str,
        route: str,
        *,
        service: str = "stock",
        is_failed: bool = False,
        **more: Value,
    ) -> str:
        """Tell what the called service saw of a call."""
        call = next(each for each in self.spans if each.span_id == call_id)
        attributes: dict[str, Value] = {"http.route": route}
        attributes |= {name.replace("__", "."): value for name, value in more.items()}
        return self.span(
            call.start_ns / MS,
            call.duration_ns / MS,
            f"GET {route}",
            under=call_id,
            kind="server",
            service=service,
            is_segment=True,
            is_failed=is_failed,
            attributes=attributes,
        )

    def message(
        self,
        start_ms: float,
        length_ms: float,
        queue: str = "mails",
        *,
        under: str | None = None,
        is_failed: bool = False,
        op: str = "queue.process",
        **more: Value,
    ) -> str:
        """Tell of work on a message."""
        attributes: dict[str, Value] = {"messaging.destination.name": queue}
        attributes |= {name.replace("__", "."): value for name, value in more.items()}
        return self.span(
            start_ms,
            length_ms,
            f"process {queue}",
            under=under,
            kind="consumer",
            op=op,
            is_failed=is_failed,
            service="worker",
            attributes=attributes,
        )

    def tree(self) -> TraceTree:
        """Return it as detectors see it."""
        return grow_tree(TRACE_ID, self.spans)
