"""Attributes that stand in a column of their own, by all the names under which they arrive.

The decoders read this table to know what goes where, the query compiler to know where it lies:
one decision in one place. The first name of each is the one under which it is shown.
"""

from typing import Final

SPAN_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "http_method": ("http.request.method", "http.method"),
    "http_status": ("http.response.status_code", "http.status_code"),
    "http_route": ("http.route",),
    "db_system": ("db.system.name", "db.system"),
    "db_collection": ("db.collection.name", "db.sql.table", "db.mongodb.collection"),
    "messaging_destination": ("messaging.destination.name", "messaging.destination"),
    "rpc_service": ("rpc.service",),
    "server_address": ("server.address", "net.peer.name"),
    "peer_service": ("peer.service",),
    "exception_type": ("exception.type", "error.type"),
    "user_id": ("user.id", "enduser.id"),
    "session_id": ("session.id",),
    "replay_id": ("sentry.replay_id", "replay_id"),
    "profile_id": ("sentry.profiler_id", "profiler_id", "sentry.profile_id"),
    "thread_id": ("thread.id",),
}
"""Column of `spans` to the attribute names that fill it, the name it is shown under first."""

LOG_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "template": ("sentry.message.template",),
    "logger": ("logger.name", "logger"),
    "user_id": ("user.id", "enduser.id"),
    "session_id": ("session.id",),
    "replay_id": ("sentry.replay_id", "replay_id"),
}
"""The same for `logs`."""

METRIC_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "user_id": ("user.id", "enduser.id"),
    "replay_id": ("sentry.replay_id", "replay_id"),
}
"""The same for `metrics`."""
