-- Session updates and aggregates as they came; release health is computed from them.
CREATE TABLE IF NOT EXISTS sessions
(
    project_id UInt32,
    started DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    -- Empty for aggregates, whose counters say how many sessions they stand for.
    session_id String,
    sequence UInt64,
    is_init Bool,
    distinct_id String,
    status LowCardinality(String),
    error_count UInt32,
    duration_s Float64,
    release LowCardinality(String),
    environment LowCardinality(String),
    abnormal_mechanism LowCardinality(String),
    exited_count UInt32,
    errored_count UInt32,
    crashed_count UInt32,
    abnormal_count UInt32,
    unhandled_count UInt32
)
ENGINE = MergeTree
PARTITION BY toDate(started)
ORDER BY (project_id, release, started)
SETTINGS {{ tables }};
