-- Error events and messages, whole (`payload`), with what is searched and shown in lists as columns.
CREATE TABLE IF NOT EXISTS errors
(
    project_id UInt32,
    event_id FixedString(16),
    time DateTime64(6, 'UTC') CODEC(Delta(8), Default),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    -- Which journal record it came with: tells a second sending from a repeated digest.
    journal_sequence UInt64,

    type LowCardinality(String),
    level LowCardinality(String),
    platform LowCardinality(String),
    logger LowCardinality(String),
    title String,
    message String,
    culprit String,
    exception_type LowCardinality(String),
    exception_value String,
    handled Enum8('unknown' = 0, 'yes' = 1, 'no' = 2),
    transaction_name LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    release LowCardinality(String),
    dist LowCardinality(String),
    server_name LowCardinality(String),
    sdk_name LowCardinality(String),
    sdk_version LowCardinality(String),

    -- All zeros: none.
    trace_id FixedString(16),
    span_id FixedString(8),
    user_id String,
    user_email String,
    user_name String,
    user_address String,
    session_id String,
    replay_id String,
    profile_id String,

    tags Map(LowCardinality(String), String),
    -- The event as JSON, normalised.
    payload String CODEC(ZSTD(3)),

    INDEX event_id_bloom event_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (project_id, toStartOfHour(time), time)
SETTINGS {{ tables }};
