"""OpenTelemetry's own OTLP exporter, pointed at a base address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_TIMEOUT_S: Final = 5
"""Short, because the queue repeats a batch that did not arrive."""


def otlp_exporter(base_url: str, headers: Mapping[str, str]) -> OTLPSpanExporter:
    """An exporter for `base_url`, such as `http://127.0.0.1:4318`."""
    return OTLPSpanExporter(
        endpoint=f"{base_url.rstrip('/')}/v1/traces",
        headers=dict(headers),
        timeout=REQUEST_TIMEOUT_S,
    )
