-- Log lines of every protocol.
CREATE TABLE IF NOT EXISTS logs
(
    project_id UInt32,
    -- 32 hex digits in the API; made by the decoder, unique per line.
    log_id FixedString(16),
    time DateTime64(9, 'UTC') CODEC(Delta(8), Default),
    -- Orders lines of equal time as the sender wrote them.
    sequence UInt32,
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    -- All zeros: none.
    trace_id FixedString(16),
    span_id FixedString(8),
    severity_number UInt8,
    -- trace, debug, info, warn, error, fatal, or the sender's own word.
    severity LowCardinality(String),
    body String,
    template String,
    event_name LowCardinality(String),
    logger LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    release LowCardinality(String),
    platform LowCardinality(String),
    protocol LowCardinality(String),
    origin LowCardinality(String),
    scope_name LowCardinality(String),
    resource_id UInt64,
    user_id String,
    session_id String,
    replay_id String,
    attr_str Map(LowCardinality(String), String),
    attr_num Map(LowCardinality(String), Float64),
    attr_bool Map(LowCardinality(String), Bool),

    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (project_id, toStartOfTenMinutes(time), service, time)
SETTINGS {{ tables }};
