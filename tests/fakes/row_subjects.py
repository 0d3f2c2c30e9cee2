"""What a subject of a question is in one row of a table, said plainly: the words of the port."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.model.question import Attribute, Dataset, Field, Subject, ValueType

Row: TypeAlias = Mapping[str, object]
Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class Typed:
    """A value and what kind it is; None: the row has none."""

    kind: str
    value: Value

    @property
    def is_there(self) -> bool:
        """Whether it is there and not empty."""
        if self.kind == "id":
            return bool(str(self.value).strip("0"))
        return self.value is not None and self.value != ""


@dataclass(frozen=True)
class Place:
    """Where rows lie: their dataset, and the resources that they name."""

    dataset: Dataset
    resources: Mapping[tuple[object, object], Row]
    resource_keys: frozenset[str]
    """Attributes that only resources have."""
    is_extrapolated: bool = False
    """Whether a row counts as many times as it says."""


def subject_values(row: Row, subject: Subject, place: Place) -> list[Typed]:
    """Return what a subject is in a row: one value, or one of each type that it may have."""
    if isinstance(subject, Field):
        kind, read = FIELDS[place.dataset][subject.name]
        return [Typed(kind, read(row))]
    column = _promoted(place.dataset).get(subject.key)
    if column is not None:
        return [_as_type(row[column], subject.value_type)]
    if place.dataset in (Dataset.ERRORS, Dataset.FINDINGS):
        return [_tag(_map(row, "tags").get(subject.key), subject.value_type)]
    key, maps = subject.key, row
    if subject.key.startswith("resource.") or subject.key in place.resource_keys:
        key = subject.key.removeprefix("resource.")
        maps = place.resources.get((row["project_id"], row["resource_id"]), {})
    by_type = {
        ValueType.STRING: Typed("text", _map(maps, "attr_str").get(key)),
        ValueType.NUMBER: Typed("number", _map(maps, "attr_num").get(key)),
        ValueType.BOOLEAN: Typed("boolean", _map(maps, "attr_bool").get(key)),
    }
    return [by_type[subject.value_type]] if subject.value_type else list(by_type.values())


def row_time_ns(table: str, row: Row) -> int:
    """Return when a row happened."""
    time = row[_TIME_COLUMNS.get(table, "time")]
    assert isinstance(time, int)
    return time * _TICK_NS.get(table, 1)


_TIME_COLUMNS: Final = {"spans": "start_time", "sessions": "started", "outcomes": "minute"}
_TICK_NS: Final = {
    "errors": 1_000,
    "findings": 1_000,
    "sessions": 1_000_000,
    "attachments": 1_000_000,
    "outcomes": 1_000_000_000,
}


def is_of_resource(subject: Attribute, place: Place) -> bool:
    """Tell whether an attribute is asked of the resource."""
    has_resources = place.dataset in (Dataset.SPANS, Dataset.LOGS, Dataset.METRICS)
    is_resource = subject.key.startswith("resource.") or subject.key in place.resource_keys
    return has_resources and is_resource and subject.key not in _promoted(place.dataset)


def _promoted(dataset: Dataset) -> dict[str, str]:
    names = {
        Dataset.SPANS: SPAN_COLUMNS,
        Dataset.LOGS: LOG_COLUMNS,
        Dataset.METRICS: METRIC_COLUMNS,
    }.get(dataset, {})
    return {name: column for column, all_names in names.items() for name in all_names}


def _as_type(value: object, value_type: ValueType | None) -> Typed:
    assert isinstance(value, str | int)
    there = value or None
    if value_type is ValueType.NUMBER or (value_type is None and isinstance(value, int)):
        return Typed("number", _number(there))
    if value_type is ValueType.BOOLEAN:
        return Typed("boolean", _BOOLEANS.get(str(there)))
    return Typed("text", None if there is None else str(there))


def _tag(value: Value, value_type: ValueType | None) -> Typed:
    if value_type is ValueType.NUMBER:
        return Typed("number", _number(value))
    if value_type is ValueType.BOOLEAN:
        return Typed("boolean", _BOOLEANS.get(str(value)))
    return Typed("text", value)


_BOOLEANS: Final = {
    "true": True,
    "True": True,
    "1": True,
    "false": False,
    "False": False,
    "0": False,
}


def _number(value: Value) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _map(row: Row, name: str) -> Mapping[str, Value]:
    found = row.get(name, {})
    assert isinstance(found, dict)
    return found


_Read: TypeAlias = Callable[[Row], Value]


def _plain(column: str) -> _Read:
    def read(row: Row) -> Value:
        value = row[column]
        assert isinstance(value, str | int | float | bool)
        return value

    return read


def _hex(column: str) -> _Read:
    def read(row: Row) -> Value:
        value = row[column]
        assert isinstance(value, bytes)
        return value.hex()

    return read


def _moment(column: str, tick_ns: int) -> _Read:
    def read(row: Row) -> Value:
        value = row[column]
        assert isinstance(value, int)
        return value * tick_ns

    return read


def _lists(*columns: str) -> _Read:
    return lambda row: json.dumps([_listed(row[column]) for column in columns])


def _listed(value: object) -> object:
    return [_listed(each) for each in value] if isinstance(value, list) else _as_text(value)


def _as_text(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


_HISTOGRAM: Final = (
    *("bounds", "bucket_counts", "scale", "zero_count", "positive_offset", "positive_counts"),
    *("negative_offset", "negative_counts"),
)
_EXEMPLARS: Final = (
    *("exemplar_times", "exemplar_values", "exemplar_trace_ids", "exemplar_span_ids"),
)


def _either(first: str, second: str) -> _Read:
    return lambda row: _plain(first)(row) or _plain(second)(row)


def _texts(**columns: str) -> dict[str, tuple[str, _Read]]:
    return {name.replace("__", "."): ("text", _plain(column)) for name, column in columns.items()}


_EVERYWHERE: Final[dict[str, tuple[str, _Read]]] = {
    "project.id": ("number", _plain("project_id")),
    "project": ("number", _plain("project_id")),
    **_texts(service="service", environment="environment", release="release"),
    **_texts(platform="platform", user__id="user_id", replayId="replay_id"),
    "trace": ("id", _hex("trace_id")),
    "span_id": ("id", _hex("span_id")),
    "received": ("time", _moment("received_at", 1_000_000)),
}

FIELDS: Final[dict[Dataset, dict[str, tuple[str, _Read]]]] = {
    Dataset.SPANS: {
        **_EVERYWHERE,
        "id": ("id", _hex("span_id")),
        "parent_span": ("id", _hex("parent_span_id")),
        "segment.id": ("id", _hex("segment_id")),
        "timestamp": ("time", _moment("start_time", 1)),
        "timestamp_precise": ("time", _moment("start_time", 1)),
        "span.duration": ("number", _plain("duration_ns")),
        **_texts(span__name="name", span__op="op", span__kind="kind", kind="kind"),
        "span.description": ("text", _either("description", "name")),
        "span.status": ("text", _either("status_text", "status")),
        "is_transaction": ("boolean", _plain("is_segment")),
        "is_failed": ("boolean", lambda row: row["status"] == "error"),
        **_texts(transaction="segment_name", origin="origin", protocol="protocol"),
        **_texts(scope__name="scope_name", status_message="status_message"),
        **_texts(session__id="session_id", profile__id="profile_id", thread__id="thread_id"),
        "sample_rate": ("number", _plain("sample_rate")),
    },
    Dataset.ERRORS: {
        **_EVERYWHERE,
        "id": ("id", _hex("event_id")),
        "group.hash": ("id", _hex("group_hash")),
        "timestamp": ("time", _moment("time", 1_000)),
        **_texts(event__type="type", title="title", message="message", culprit="culprit"),
        **_texts(level="level", logger="logger", error__type="exception_type"),
        **_texts(error__value="exception_value", transaction="transaction_name", dist="dist"),
        "error.handled": (
            "text",
            lambda row: {"yes": "true", "no": "false"}.get(str(row["handled"]), ""),
        ),
        **_texts(server_name="server_name", sdk__name="sdk_name", sdk__version="sdk_version"),
        **_texts(user__email="user_email", user__username="user_name", user__ip="user_address"),
        **_texts(session__id="session_id", profile__id="profile_id", payload="payload"),
    },
    Dataset.LOGS: {
        **_EVERYWHERE,
        "id": ("id", _hex("log_id")),
        "sentry.item_id": ("id", _hex("log_id")),
        "timestamp": ("time", _moment("time", 1)),
        "timestamp_precise": ("time", _moment("time", 1)),
        "sequence": ("number", _plain("sequence")),
        "resource": ("number", _plain("resource_id")),
        "severity_number": ("number", _plain("severity_number")),
        **_texts(message="body", message__template="template", severity="severity"),
        **_texts(logger="logger", event__name="event_name", origin="origin"),
        **_texts(protocol="protocol", scope__name="scope_name", session__id="session_id"),
    },
    Dataset.METRICS: {
        **_EVERYWHERE,
        "timestamp": ("time", _moment("time", 1)),
        "timestamp_precise": ("time", _moment("time", 1)),
        "start_timestamp": ("time", _moment("start_time", 1)),
        **_texts(metric__name="name", metric__type="type", metric__unit="unit"),
        **_texts(metric__description="description", metric__temporality="temporality"),
        "metric.is_monotonic": ("boolean", _plain("is_monotonic")),
        "metric.is_stale": ("boolean", _plain("is_stale")),
        "histogram": ("text", _lists(*_HISTOGRAM)),
        "exemplars": ("text", _lists(*_EXEMPLARS)),
        **{
            name: ("number", _plain(column))
            for name, column in {
                "series": "series_id",
                "value": "value",
                "count": "count",
                "sum": "sum",
                "min": "min",
                "max": "max",
            }.items()
        },
        **_texts(protocol="protocol", scope__name="scope_name"),
    },
    Dataset.OUTCOMES: {
        "project.id": ("number", _plain("project_id")),
        "project": ("number", _plain("project_id")),
        "key": ("number", _plain("key_id")),
        "timestamp": ("time", _moment("minute", 1_000_000_000)),
        **_texts(category="category", outcome="outcome", reason="reason"),
        "quantity": ("number", _plain("quantity")),
    },
}

FIELDS[Dataset.FINDINGS] = {
    **FIELDS[Dataset.ERRORS],
    "round": ("number", _plain("journal_sequence")),
}

MAIN_TEXTS: Final[dict[Dataset, Callable[[Row], str]]] = {
    Dataset.SPANS: lambda row: str(row["description"] or row["name"]),
    Dataset.ERRORS: lambda row: f"{row['title']}\n{row['message']}\n{row['exception_value']}",
    Dataset.FINDINGS: lambda row: f"{row['title']}\n{row['message']}\n{row['exception_value']}",
    Dataset.LOGS: lambda row: str(row["body"]),
    Dataset.METRICS: lambda row: str(row["name"]),
    Dataset.OUTCOMES: lambda row: str(row["reason"]),
}
