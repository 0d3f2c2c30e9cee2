-- What detectors found: one row for each fault in each trace. The columns are those of `errors`, so
-- that an issue's events are asked and shown in one way, whatever made them (ADR 0040).
CREATE TABLE IF NOT EXISTS findings
(
    project_id UInt32,
    -- Made of kind, trace and shape: the same finding has the same id, however often it is found.
    event_id FixedString(16),
    time DateTime64(6, 'UTC') CODEC(Delta(8), Default),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    -- The round that found it: the last millisecond of the time that it looked at.
    journal_sequence UInt64,
    group_hash FixedString(16),

    -- The kind of detector.
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

    trace_id FixedString(16),
    -- The first of the spans that should not be.
    span_id FixedString(8),
    user_id String,
    user_email String,
    user_name String,
    user_address String,
    session_id String,
    replay_id String,
    profile_id String,

    tags Map(LowCardinality(String), String),
    -- The evidence as JSON.
    payload String CODEC(ZSTD(3)),

    INDEX event_id_bloom event_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX round_range journal_sequence TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (project_id, toStartOfHour(time), time)
SETTINGS {{ tables }};

CREATE MATERIALIZED VIEW IF NOT EXISTS error_groups_from_findings TO error_groups AS
SELECT
    project_id,
    group_hash,
    toStartOfHour(findings.time) AS hour,
    environment,
    count() AS event_count,
    min(findings.time) AS first_time,
    max(findings.time) AS last_time,
    uniqStateIf(concat('id:', user_id), user_id != '') AS users
FROM findings
WHERE group_hash != toFixedString('', 16)
GROUP BY project_id, group_hash, hour, environment;

-- Detectors ask for what came in lately, and then lies in one or two granules of each part.
ALTER TABLE spans ADD INDEX IF NOT EXISTS received_range received_at TYPE minmax GRANULARITY 1;
