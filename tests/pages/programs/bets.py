"""Five services that place bets, told by the OpenTelemetry SDK; prints the id of the last trace."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, set_span_in_context

ENDPOINT, KEY = sys.argv[1:3]
SERVICES = ("frontend", "api-gateway", "user-service", "game-engine", "payment-service")
BETS = 8
MS = 1_000_000


def provider_of(service: str) -> TracerProvider:
    provider = TracerProvider(
        resource=Resource.create(
            {
                "service.name": service,
                "deployment.environment.name": "production",
                "service.version": "4.12.0",
                "k8s.pod.name": f"{service}-7d9c-x2k4",
            }
        )
    )
    exporter = OTLPSpanExporter(endpoint=f"{ENDPOINT}/v1/traces", headers={"x-vedette-key": KEY})
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


PROVIDERS = {service: provider_of(service) for service in SERVICES}


@dataclass
class Bet:
    """One trace in the making; times are milliseconds from its start."""

    start_ns: int
    slow: float

    def span(
        self,
        what: str,
        start_ms: float,
        duration_ms: float,
        parent: Span | None = None,
        *,
        links: Sequence[Link] = (),
        **attributes: str | int,
    ) -> Span:
        service, _, name = what.partition(" ")
        failed = attributes.pop("failed", "")
        kind = SpanKind[str(attributes.pop("kind", "INTERNAL"))]
        span = (
            PROVIDERS[service]
            .get_tracer("bets")
            .start_span(
                name,
                context=set_span_in_context(parent) if parent else None,
                kind=kind,
                attributes={key.replace("__", "."): value for key, value in attributes.items()},
                links=links,
                start_time=self.start_ns + int(start_ms * MS),
            )
        )
        if failed:
            span.set_status(Status(StatusCode.ERROR, str(failed)))
            span.add_event(
                "exception",
                {"exception.type": "ReadTimeout", "exception.message": str(failed)},
                timestamp=self.start_ns + int((start_ms + duration_ms) * MS),
            )
        span.end(self.start_ns + int((start_ms + duration_ms) * MS))
        return span


def place_bet(bet: Bet, before: Span | None) -> Span:
    slow, late = bet.slow, "acquirer-b did not answer"
    click = bet.span("frontend click place-bet", 0, 1284 * slow)
    call = bet.span(
        "frontend POST /api/bets/place", 4, 1274 * slow, click, kind="CLIENT", failed=late
    )
    gateway = bet.span(
        "api-gateway POST /api/bets/place", 10, 1258 * slow, call, kind="SERVER", failed=late
    )
    bet.span("user-service GET /sessions/:id", 24, 34, gateway, kind="SERVER")
    limits = bet.span("user-service GET /limits", 60, 61, gateway, kind="SERVER")
    for at in range(6):
        query = "SELECT * FROM limits WHERE player = $1"
        bet.span(
            "user-service postgres SELECT limits",
            64 + 8 * at,
            6,
            limits,
            db__system__name="postgresql",
            db__query__text=query,
        )
    reserve = bet.span("game-engine POST /rounds/reserve", 123, 142, gateway, kind="SERVER")
    bet.span("game-engine odds.check", 126, 44, reserve)
    bet.span("game-engine postgres INSERT round_hold", 180, 80, reserve)
    charge = bet.span(
        "payment-service POST /charge", 268, 918 * slow, gateway, kind="SERVER", failed=late
    )
    for attempt in (1, 2):
        bet.span(
            f"payment-service acquirer.authorize, attempt {attempt}",
            290 + (attempt - 1) * (402 * slow + 80),
            402 * slow,
            charge,
            kind="CLIENT",
            failed=late,
            payment__provider="acquirer-b",
            payment__attempt=attempt,
        )
    bet.span("payment-service postgres UPDATE charge", 290 + 804 * slow + 85, 8, charge)
    links = [Link(before.get_span_context())] if before else []
    return bet.span(
        "game-engine kafka publish bet.rejected",
        1240 * slow,
        9,
        gateway,
        links=links,
        kind="PRODUCER",
    )


last: Span | None = None
now_ns = time.time_ns()
for number in range(BETS):
    age_ns = (BETS - number) * 3 * 60 * 1000 * MS
    last = place_bet(Bet(now_ns - age_ns, 1 + 0.1 * number), last)
for each in PROVIDERS.values():
    each.force_flush()
assert last is not None
sys.stdout.write(json.dumps({"trace": format(last.get_span_context().trace_id, "032x")}) + "\n")
