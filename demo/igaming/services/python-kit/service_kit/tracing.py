"""Carry the trace over borders that the SDK does not know: W3C header, Kafka."""

from collections.abc import Sequence

import httpx
import sentry_sdk


def w3c_from(sentry_trace: str) -> str:
    """Translate `trace-span-sampled` into a W3C traceparent."""
    trace_id, span_id, *flags = sentry_trace.split("-")
    return f"00-{trace_id}-{span_id}-{'01' if flags != ['0'] else '00'}"


async def add_traceparent(request: httpx.Request) -> None:
    """Add the W3C header, which the SDK leaves out, so that OpenTelemetry services join in."""
    sentry_trace = request.headers.get("sentry-trace")
    if sentry_trace:
        request.headers["traceparent"] = w3c_from(sentry_trace)


def kafka_headers() -> list[tuple[str, bytes]]:
    """Return the headers of a message that continues the current span, for both SDK families."""
    sentry_trace = sentry_sdk.get_traceparent()
    baggage = sentry_sdk.get_baggage()
    if not sentry_trace:
        return []
    headers = [("sentry-trace", sentry_trace), ("traceparent", w3c_from(sentry_trace))]
    if baggage:
        headers.append(("baggage", baggage))
    return [(name, value.encode()) for name, value in headers]


def read_kafka_headers(headers: Sequence[tuple[str, bytes | str | None]]) -> dict[str, str]:
    """Return a message's headers in the form in which the SDK continues a trace."""
    read = {name: _text(value) for name, value in headers if value is not None}
    if "sentry-trace" not in read and read.get("traceparent", "").count("-") == 3:
        _version, trace_id, span_id, flags = read["traceparent"].split("-")
        read["sentry-trace"] = f"{trace_id}-{span_id}-{int(flags, 16) & 1}"
    return read


def _text(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
