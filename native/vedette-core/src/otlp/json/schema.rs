//! The fields of OTLP's messages: name, number and type of each.

/// A message's fields.
#[derive(Debug)]
pub(super) struct Message(pub(super) &'static [Field]);

/// One field. Repeated ones need no mark: a JSON list writes it again and again.
#[derive(Debug)]
pub(super) struct Field {
    /// In camelCase.
    pub(super) name: &'static str,
    pub(super) number: u32,
    pub(super) kind: Kind,
}

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// Bytes in hex.
    Id,
    /// Bytes in base64.
    Bytes,
    Bool,
    /// int64, uint64, uint32.
    Varint,
    /// sint32.
    Zigzag,
    Fixed64,
    Fixed32,
    Double,
    /// The names' common beginning, and the names after it in the order of their numbers.
    Enum(&'static str, &'static [&'static str]),
    Message(&'static Message),
}

use Kind::{Bool, Bytes, Double, Enum, Fixed32, Fixed64, Id, Text, Varint, Zigzag};

const fn field(name: &'static str, number: u32, kind: Kind) -> Field {
    Field { name, number, kind }
}

pub(super) static TRACES: Message =
    Message(&[field("resourceSpans", 1, Kind::Message(&RESOURCE_SPANS))]);
pub(super) static LOGS: Message =
    Message(&[field("resourceLogs", 1, Kind::Message(&RESOURCE_LOGS))]);
pub(super) static METRICS: Message = Message(&[field(
    "resourceMetrics",
    1,
    Kind::Message(&RESOURCE_METRICS),
)]);

static RESOURCE_SPANS: Message = Message(&[
    field("resource", 1, Kind::Message(&RESOURCE)),
    field("scopeSpans", 2, Kind::Message(&SCOPE_SPANS)),
]);
static RESOURCE_LOGS: Message = Message(&[
    field("resource", 1, Kind::Message(&RESOURCE)),
    field("scopeLogs", 2, Kind::Message(&SCOPE_LOGS)),
]);
static RESOURCE_METRICS: Message = Message(&[
    field("resource", 1, Kind::Message(&RESOURCE)),
    field("scopeMetrics", 2, Kind::Message(&SCOPE_METRICS)),
]);
static SCOPE_SPANS: Message = Message(&[
    field("scope", 1, Kind::Message(&SCOPE)),
    field("spans", 2, Kind::Message(&SPAN)),
]);
static SCOPE_LOGS: Message = Message(&[
    field("scope", 1, Kind::Message(&SCOPE)),
    field("logRecords", 2, Kind::Message(&LOG_RECORD)),
]);
static SCOPE_METRICS: Message = Message(&[
    field("scope", 1, Kind::Message(&SCOPE)),
    field("metrics", 2, Kind::Message(&METRIC)),
]);

static RESOURCE: Message = Message(&[field("attributes", 1, Kind::Message(&KEY_VALUE))]);
static SCOPE: Message = Message(&[
    field("name", 1, Text),
    field("version", 2, Text),
    field("attributes", 3, Kind::Message(&KEY_VALUE)),
]);
static KEY_VALUE: Message = Message(&[
    field("key", 1, Text),
    field("value", 2, Kind::Message(&ANY_VALUE)),
]);
static ANY_VALUE: Message = Message(&[
    field("stringValue", 1, Text),
    field("boolValue", 2, Bool),
    field("intValue", 3, Varint),
    field("doubleValue", 4, Double),
    field("arrayValue", 5, Kind::Message(&ARRAY_VALUE)),
    field("kvlistValue", 6, Kind::Message(&KEY_VALUE_LIST)),
    field("bytesValue", 7, Bytes),
]);
static ARRAY_VALUE: Message = Message(&[field("values", 1, Kind::Message(&ANY_VALUE))]);
static KEY_VALUE_LIST: Message = Message(&[field("values", 1, Kind::Message(&KEY_VALUE))]);

const SPAN_KIND: Kind = Enum(
    "SPAN_KIND_",
    &[
        "UNSPECIFIED",
        "INTERNAL",
        "SERVER",
        "CLIENT",
        "PRODUCER",
        "CONSUMER",
    ],
);
static SPAN: Message = Message(&[
    field("traceId", 1, Id),
    field("spanId", 2, Id),
    field("traceState", 3, Text),
    field("parentSpanId", 4, Id),
    field("name", 5, Text),
    field("kind", 6, SPAN_KIND),
    field("startTimeUnixNano", 7, Fixed64),
    field("endTimeUnixNano", 8, Fixed64),
    field("attributes", 9, Kind::Message(&KEY_VALUE)),
    field("events", 11, Kind::Message(&EVENT)),
    field("links", 13, Kind::Message(&LINK)),
    field("status", 15, Kind::Message(&STATUS)),
    field("flags", 16, Fixed32),
]);
static EVENT: Message = Message(&[
    field("timeUnixNano", 1, Fixed64),
    field("name", 2, Text),
    field("attributes", 3, Kind::Message(&KEY_VALUE)),
]);
static LINK: Message = Message(&[
    field("traceId", 1, Id),
    field("spanId", 2, Id),
    field("traceState", 3, Text),
    field("attributes", 4, Kind::Message(&KEY_VALUE)),
    field("flags", 6, Fixed32),
]);
static STATUS: Message = Message(&[
    field("message", 2, Text),
    field("code", 3, Enum("STATUS_CODE_", &["UNSET", "OK", "ERROR"])),
]);

/// In each severity's four steps the first has no number in its name.
const SEVERITY: Kind = Enum(
    "SEVERITY_NUMBER_",
    &[
        "UNSPECIFIED",
        "TRACE",
        "TRACE2",
        "TRACE3",
        "TRACE4",
        "DEBUG",
        "DEBUG2",
        "DEBUG3",
        "DEBUG4",
        "INFO",
        "INFO2",
        "INFO3",
        "INFO4",
        "WARN",
        "WARN2",
        "WARN3",
        "WARN4",
        "ERROR",
        "ERROR2",
        "ERROR3",
        "ERROR4",
        "FATAL",
        "FATAL2",
        "FATAL3",
        "FATAL4",
    ],
);
static LOG_RECORD: Message = Message(&[
    field("timeUnixNano", 1, Fixed64),
    field("severityNumber", 2, SEVERITY),
    field("severityText", 3, Text),
    field("body", 5, Kind::Message(&ANY_VALUE)),
    field("attributes", 6, Kind::Message(&KEY_VALUE)),
    field("flags", 8, Fixed32),
    field("traceId", 9, Id),
    field("spanId", 10, Id),
    field("observedTimeUnixNano", 11, Fixed64),
    field("eventName", 12, Text),
]);

const TEMPORALITY: Kind = Enum(
    "AGGREGATION_TEMPORALITY_",
    &["UNSPECIFIED", "DELTA", "CUMULATIVE"],
);
static METRIC: Message = Message(&[
    field("name", 1, Text),
    field("description", 2, Text),
    field("unit", 3, Text),
    field("gauge", 5, Kind::Message(&GAUGE)),
    field("sum", 7, Kind::Message(&SUM)),
    field("histogram", 9, Kind::Message(&HISTOGRAM)),
    field(
        "exponentialHistogram",
        10,
        Kind::Message(&EXPONENTIAL_HISTOGRAM),
    ),
    field("summary", 11, Kind::Message(&SUMMARY)),
]);
static GAUGE: Message = Message(&[field("dataPoints", 1, Kind::Message(&NUMBER_POINT))]);
static SUM: Message = Message(&[
    field("dataPoints", 1, Kind::Message(&NUMBER_POINT)),
    field("aggregationTemporality", 2, TEMPORALITY),
    field("isMonotonic", 3, Bool),
]);
static HISTOGRAM: Message = Message(&[
    field("dataPoints", 1, Kind::Message(&HISTOGRAM_POINT)),
    field("aggregationTemporality", 2, TEMPORALITY),
]);
static EXPONENTIAL_HISTOGRAM: Message = Message(&[
    field("dataPoints", 1, Kind::Message(&EXPONENTIAL_POINT)),
    field("aggregationTemporality", 2, TEMPORALITY),
]);
static SUMMARY: Message = Message(&[field("dataPoints", 1, Kind::Message(&SUMMARY_POINT))]);

static NUMBER_POINT: Message = Message(&[
    field("startTimeUnixNano", 2, Fixed64),
    field("timeUnixNano", 3, Fixed64),
    field("asDouble", 4, Double),
    field("exemplars", 5, Kind::Message(&EXEMPLAR)),
    field("asInt", 6, Fixed64),
    field("attributes", 7, Kind::Message(&KEY_VALUE)),
    field("flags", 8, Varint),
]);
static HISTOGRAM_POINT: Message = Message(&[
    field("startTimeUnixNano", 2, Fixed64),
    field("timeUnixNano", 3, Fixed64),
    field("count", 4, Fixed64),
    field("sum", 5, Double),
    field("bucketCounts", 6, Fixed64),
    field("explicitBounds", 7, Double),
    field("exemplars", 8, Kind::Message(&EXEMPLAR)),
    field("attributes", 9, Kind::Message(&KEY_VALUE)),
    field("flags", 10, Varint),
    field("min", 11, Double),
    field("max", 12, Double),
]);
static EXPONENTIAL_POINT: Message = Message(&[
    field("attributes", 1, Kind::Message(&KEY_VALUE)),
    field("startTimeUnixNano", 2, Fixed64),
    field("timeUnixNano", 3, Fixed64),
    field("count", 4, Fixed64),
    field("sum", 5, Double),
    field("scale", 6, Zigzag),
    field("zeroCount", 7, Fixed64),
    field("positive", 8, Kind::Message(&BUCKETS)),
    field("negative", 9, Kind::Message(&BUCKETS)),
    field("flags", 10, Varint),
    field("exemplars", 11, Kind::Message(&EXEMPLAR)),
    field("min", 12, Double),
    field("max", 13, Double),
    field("zeroThreshold", 14, Double),
]);
static BUCKETS: Message = Message(&[field("offset", 1, Zigzag), field("bucketCounts", 2, Varint)]);
static SUMMARY_POINT: Message = Message(&[
    field("startTimeUnixNano", 2, Fixed64),
    field("timeUnixNano", 3, Fixed64),
    field("count", 4, Fixed64),
    field("sum", 5, Double),
    field("quantileValues", 6, Kind::Message(&QUANTILE)),
    field("attributes", 7, Kind::Message(&KEY_VALUE)),
    field("flags", 8, Varint),
]);
static QUANTILE: Message = Message(&[field("quantile", 1, Double), field("value", 2, Double)]);
static EXEMPLAR: Message = Message(&[
    field("timeUnixNano", 2, Fixed64),
    field("asDouble", 3, Double),
    field("spanId", 4, Id),
    field("traceId", 5, Id),
    field("asInt", 6, Fixed64),
    field("filteredAttributes", 7, Kind::Message(&KEY_VALUE)),
]);
