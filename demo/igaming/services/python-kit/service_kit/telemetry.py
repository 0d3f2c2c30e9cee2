"""Start the Sentry SDK and say on every error what state the process is in."""

import os
import resource
import sys
import threading
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import sentry_sdk

from service_kit.settings import setting

if TYPE_CHECKING:
    from sentry_sdk.integrations import Integration
    from sentry_sdk.types import Event, Hint, SamplingContext

UNTRACED_PATHS: Final = ("/healthz",)
"""Probed every second by the supervisor's health check: not business."""

event_loop_lag_ms = 0.0
"""Written by the service's own lag watch; read when an error is reported."""


def start_sentry(service: str, framework: str, *integrations: "Integration") -> None:
    """Prepare the SDK for one service; without a DSN it sends nothing and changes nothing."""

    def add_runtime_state(event: "Event", _hint: "Hint") -> "Event":
        event.setdefault("contexts", {})["runtime_state"] = runtime_state(framework)
        return event

    sentry_sdk.init(
        dsn=os.environ.get("SENTRY_DSN") or None,
        environment=setting("SENTRY_ENVIRONMENT", "demo"),
        release=f"{service}@{setting('SENTRY_RELEASE', '1.0.0')}",
        server_name=service,
        traces_sampler=_sample,
        profiles_sample_rate=1.0,
        # Ours are the frames of the services; the rest lies in the virtual environment.
        in_app_include=["service_kit", "game_engine", "analytics"],
        before_send=add_runtime_state,
        integrations=integrations,
        enable_logs=True,
    )
    sentry_sdk.set_tag("service", service)


def _sample(context: "SamplingContext") -> float:
    path = _path_of(context)
    if path in UNTRACED_PATHS:
        return 0.0
    parent: bool | None = context.get("parent_sampled")
    return 1.0 if parent is None else float(parent)


def _path_of(context: "SamplingContext") -> str | None:
    scope = context.get("asgi_scope")
    if scope:
        return str(scope.get("path"))
    request = context.get("tornado_request")
    return str(request.path) if request else None


def runtime_state(framework: str) -> dict[str, object]:
    """Describe memory, processor, threads, versions and event-loop lag at this moment."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "language": f"Python {sys.version.split()[0]}",
        "framework": f"{framework} {version(framework)}",
        "memory_bytes_max": usage.ru_maxrss * 1024,
        "cpu_seconds_user": usage.ru_utime,
        "cpu_seconds_system": usage.ru_stime,
        "load_average": os.getloadavg()[0],
        "threads": threading.active_count(),
        "event_loop_lag_ms": round(event_loop_lag_ms, 1),
    }
