-- What people wrote, about the app or about one event.
CREATE TABLE IF NOT EXISTS feedback
(
    project_id UInt32,
    time DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    feedback_id FixedString(16),
    -- Zeros: about none.
    event_id FixedString(16),
    name String,
    email String,
    message String,
    url String,
    source LowCardinality(String),
    replay_id String,
    environment LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (project_id, time, feedback_id)
SETTINGS {{ tables }};
