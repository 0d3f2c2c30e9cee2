"""Tracing as every site of the platform has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import waymark

if TYPE_CHECKING:
    from ticketing.settings import Settings

ENVIRONMENT: Final = "demo"
QUEUE: Final = waymark.QueueSettings(span_count_max=2_000, delay_s=0.2, retry_delay_s_max=2.0)
"""A demonstration is watched: spans are visible at once, outages end soon, and a full queue can be
seen within seconds instead of minutes."""


def start_tracing(settings: Settings, service_name: str) -> waymark.Tracing:
    """Spans go to the journal and, when there is an address, to an OTLP backend."""
    headers: dict[str, str] = {}
    if settings.otlp_key:
        headers["x-sentry-auth"] = f"sentry sentry_key={settings.otlp_key}"
    return waymark.start(
        waymark.Settings(
            service_name,
            resource={"service.version": "1.0.0", "deployment.environment.name": ENVIRONMENT},
            postgres_url=settings.journal_url,
            otlp_url=settings.otlp_url or None,
            otlp_headers=headers,
            is_console_on=settings.is_console_on,
            own_entry=waymark.OwnEntry("maguey", {"v": "1.0", "env": ENVIRONMENT}),
            queue=QUEUE,
        )
    )
