"""The kinds of data that quotas and outcomes count, under the names that SDKs know."""

from enum import StrEnum


class Category(StrEnum):
    """A data category of the Sentry protocol."""

    ERROR = "error"
    DEFAULT = "default"
    SECURITY = "security"
    TRANSACTION = "transaction"
    SPAN = "span"
    LOG_ITEM = "log_item"
    LOG_BYTE = "log_byte"
    TRACE_METRIC = "trace_metric"
    METRIC_BUCKET = "metric_bucket"
    SESSION = "session"
    ATTACHMENT = "attachment"
    PROFILE = "profile"
    PROFILE_CHUNK = "profile_chunk"
    REPLAY = "replay"
    MONITOR = "monitor"
    FEEDBACK = "feedback"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


CATEGORY_OF_ITEM_TYPE: dict[str, Category] = {
    "event": Category.ERROR,
    "security": Category.SECURITY,
    "raw_security": Category.SECURITY,
    "transaction": Category.TRANSACTION,
    "span": Category.SPAN,
    "log": Category.LOG_ITEM,
    "otel_log": Category.LOG_ITEM,
    "trace_metric": Category.TRACE_METRIC,
    "statsd": Category.METRIC_BUCKET,
    "metric_buckets": Category.METRIC_BUCKET,
    "metric_meta": Category.METRIC_BUCKET,
    "session": Category.SESSION,
    "sessions": Category.SESSION,
    "attachment": Category.ATTACHMENT,
    "profile": Category.PROFILE,
    "profile_chunk": Category.PROFILE_CHUNK,
    "profile_chunk_ui": Category.PROFILE_CHUNK,
    "replay_event": Category.REPLAY,
    "replay_recording": Category.REPLAY,
    "replay_video": Category.REPLAY,
    "check_in": Category.MONITOR,
    "feedback": Category.FEEDBACK,
    "user_report": Category.FEEDBACK,
    "client_report": Category.INTERNAL,
}


def category_of(item_type: str) -> Category:
    """Return the category under which an envelope item of this type is counted."""
    return CATEGORY_OF_ITEM_TYPE.get(item_type, Category.UNKNOWN)
