"""The names that searches and answers use, by dataset: what each means and in what unit."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from vedette.model.question import Dataset


class Kind(Enum):
    """What a value is, and so how it is written in a search and shown in an answer."""

    TEXT = "string"
    ID = "id"
    """Hex digits; dashes and case do not matter."""
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    PERCENTAGE = "percentage"
    """A share from 0 to 1."""
    RATE_PER_SECOND = "rate"
    RATE_PER_MINUTE = "rate per minute"
    DURATION = "duration"
    """Nanoseconds in the tables, milliseconds in answers."""
    TIME = "date"
    """Nanoseconds since 1970 in the tables, ISO 8601 in answers."""
    SECONDS = "seconds"
    """A time shown as seconds since 1970 with a fraction."""
    NANOSECONDS = "nanoseconds"
    """A time shown as nanoseconds since 1970."""
    PROJECT_SLUG = "project"
    """The id in the tables, the slug in answers."""
    JSON = "json"


@dataclass(frozen=True, slots=True)
class FieldMeaning:
    """What a public name means."""

    column: str
    """The name under which the telemetry store knows it."""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class DatasetMeaning:
    """All names of a dataset."""

    dataset: Dataset
    public_name: str
    fields: dict[str, FieldMeaning]
    main_text: str
    """The field that free text is held against when it has stars."""
    default_order: str
    identity: tuple[str, ...]
    """Columns that tell rows of equal time apart, so that pages neither repeat nor skip one."""
    is_sampled: bool = False
    """Whether a row may stand for others that were not sent."""


def _same(kind: Kind, *names: str) -> dict[str, FieldMeaning]:
    return {name: FieldMeaning(name, kind) for name in names}


def _also(column: str, kind: Kind, *names: str) -> dict[str, FieldMeaning]:
    return {name: FieldMeaning(column, kind) for name in names}


_EVERYWHERE: Final = {
    **_also("project.id", Kind.PROJECT_SLUG, "project", "project.name", "project.slug"),
    **_also("project.id", Kind.INTEGER, "project.id", "project_id"),
    **_same(Kind.TEXT, "environment", "release", "platform", "service", "user.id"),
    **_also("service", Kind.TEXT, "service.name"),
    **_same(Kind.TIME, "timestamp"),
    **_also("timestamp", Kind.SECONDS, "precise.start_ts"),
    **_also(
        "timestamp",
        Kind.NANOSECONDS,
        "timestamp_precise",
        "sentry.timestamp_precise",
        "tags[sentry.timestamp_precise,number]",
    ),
    **_also("received", Kind.TIME, "received", "timestamp.received"),
    **_same(Kind.ID, "trace"),
    **_also("trace", Kind.ID, "trace_id"),
    **_also("replayId", Kind.TEXT, "replayId", "replay_id", "replay.id"),
}

_ERRORS: Final = {
    **_EVERYWHERE,
    **_same(Kind.ID, "id", "group.hash"),
    **_also("id", Kind.ID, "event_id"),
    **_same(
        Kind.TEXT,
        "title",
        "message",
        "culprit",
        "event.type",
        "level",
        "logger",
        "error.type",
        "error.value",
        "error.handled",
        "transaction",
        "dist",
        "server_name",
        "sdk.name",
        "sdk.version",
        "user.email",
        "user.username",
        "user.ip",
        "session.id",
        "profile.id",
    ),
    **_also("platform", Kind.TEXT, "platform.name"),
    **_also("culprit", Kind.TEXT, "location"),
    **_also("user.id", Kind.TEXT, "user"),
    **_also("span_id", Kind.ID, "trace.span", "span_id"),
    **_same(Kind.ID, "group.hash"),
    **_same(Kind.JSON, "payload"),
}

_SPANS: Final = {
    **_EVERYWHERE,
    **_also("span_id", Kind.ID, "id", "span_id"),
    **_also("parent_span", Kind.ID, "parent_span", "parent_span_id", "span.parent_span_id"),
    **_also("segment.id", Kind.ID, "segment.id", "transaction.span_id"),
    **_same(
        Kind.TEXT,
        "span.op",
        "span.description",
        "span.name",
        "span.status",
        "span.kind",
        "transaction",
        "origin",
        "scope.name",
        "status_message",
        "protocol",
        "session.id",
        "profile.id",
        "thread.id",
    ),
    **_also("span.op", Kind.TEXT, "op"),
    **_also("span.name", Kind.TEXT, "name"),
    **_also("span.kind", Kind.TEXT, "kind"),
    **_also("span.status", Kind.TEXT, "trace.status", "status"),
    **_also("origin", Kind.TEXT, "span.origin"),
    **_also("profile.id", Kind.TEXT, "profiler.id", "profile_id"),
    **_also("is_transaction", Kind.BOOLEAN, "is_transaction", "is_segment"),
    **_same(Kind.BOOLEAN, "is_failed"),
    **_also("span.duration", Kind.DURATION, "span.duration", "duration", "transaction.duration"),
    **_also("sample_rate", Kind.NUMBER, "sample_rate"),
}

_LOGS: Final = {
    **_EVERYWHERE,
    **_also("id", Kind.ID, "id", "sentry.item_id", "log_id"),
    **_also("span_id", Kind.ID, "span_id", "trace.parent_span_id"),
    **_same(Kind.TEXT, "message", "severity", "logger", "event.name", "origin", "session.id"),
    **_also("severity", Kind.TEXT, "level"),
    **_also("message", Kind.TEXT, "body"),
    **_also("message.template", Kind.TEXT, "message.template"),
    **_also("scope.name", Kind.TEXT, "scope.name"),
    **_same(Kind.TEXT, "protocol"),
    **_same(Kind.INTEGER, "severity_number", "sequence"),
}

_METRICS: Final = {
    **_EVERYWHERE,
    **_same(
        Kind.TEXT,
        "metric.name",
        "metric.type",
        "metric.unit",
        "metric.description",
        "metric.temporality",
        "protocol",
    ),
    **_same(Kind.BOOLEAN, "metric.is_monotonic"),
    **_same(Kind.TIME, "start_timestamp"),
    **_also("metric.name", Kind.TEXT, "name"),
    **_also("metric.type", Kind.TEXT, "type"),
    **_also("metric.unit", Kind.TEXT, "unit"),
    **_same(Kind.NUMBER, "value", "sum", "min", "max"),
    **_same(Kind.INTEGER, "count"),
    **_same(Kind.ID, "span_id"),
    **_also("scope.name", Kind.TEXT, "scope.name"),
}

MEANINGS: Final[dict[str, DatasetMeaning]] = {
    meaning.public_name: meaning
    for meaning in (
        DatasetMeaning(Dataset.ERRORS, "errors", _ERRORS, "message", "-timestamp", ("id",)),
        DatasetMeaning(
            Dataset.SPANS,
            "spans",
            _SPANS,
            "span.description",
            "-timestamp",
            ("trace", "span_id"),
            is_sampled=True,
        ),
        DatasetMeaning(Dataset.LOGS, "logs", _LOGS, "message", "-timestamp", ("id",)),
        DatasetMeaning(
            Dataset.METRICS,
            "tracemetrics",
            _METRICS,
            "metric.name",
            "-timestamp",
            ("metric.name", "value"),
        ),
    )
}
"""Datasets by the name that the API knows them under."""
