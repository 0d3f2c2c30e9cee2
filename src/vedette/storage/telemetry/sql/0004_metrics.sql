-- Metric points of every protocol and kind; a column that a kind does not use is empty.
CREATE TABLE IF NOT EXISTS metrics
(
    project_id UInt32,
    name LowCardinality(String),
    -- gauge, sum, histogram, exponential_histogram, summary (OTLP); counter, distribution (Sentry).
    type LowCardinality(String),
    unit LowCardinality(String),
    description LowCardinality(String),
    temporality Enum8('unspecified' = 0, 'delta' = 1, 'cumulative' = 2),
    is_monotonic Bool,
    -- Equal for all points of one name, resource, scope and attributes.
    series_id UInt64,
    time DateTime64(9, 'UTC') CODEC(Delta(8), Default),
    -- 1970: not given.
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), Default),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    value Float64,
    count UInt64,
    sum Float64,
    min Float64,
    max Float64,
    bounds Array(Float64),
    bucket_counts Array(UInt64),
    scale Int8,
    zero_count UInt64,
    zero_threshold Float64,
    positive_offset Int32,
    positive_counts Array(UInt64),
    negative_offset Int32,
    negative_counts Array(UInt64),
    quantiles Array(Float64),
    quantile_values Array(Float64),
    -- Set when the point says "nothing was recorded".
    is_stale Bool,

    -- Of the moment a Sentry metric was recorded; all zeros: none.
    trace_id FixedString(16),
    span_id FixedString(8),
    service LowCardinality(String),
    environment LowCardinality(String),
    release LowCardinality(String),
    platform LowCardinality(String),
    protocol LowCardinality(String),
    scope_name LowCardinality(String),
    resource_id UInt64,
    user_id String,
    replay_id String,
    attr_str Map(LowCardinality(String), String),
    attr_num Map(LowCardinality(String), Float64),
    attr_bool Map(LowCardinality(String), Bool),

    exemplar_times Array(DateTime64(9, 'UTC')),
    exemplar_values Array(Float64),
    exemplar_trace_ids Array(FixedString(16)),
    exemplar_span_ids Array(FixedString(8)),
    -- JSON objects.
    exemplar_attributes Array(String)
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (project_id, name, toStartOfHour(time), series_id, time)
SETTINGS {{ tables }};
