-- What became of everything that was sent, summed by minute.
CREATE TABLE IF NOT EXISTS outcomes
(
    project_id UInt32,
    key_id UInt32,
    minute DateTime('UTC'),
    category LowCardinality(String),
    outcome LowCardinality(String),
    reason LowCardinality(String),
    quantity UInt64
)
ENGINE = SummingMergeTree(quantity)
PARTITION BY toYYYYMM(minute)
ORDER BY (project_id, minute, category, outcome, reason, key_id)
SETTINGS {{ tables }};
