-- Which group an error belongs to, and what each group was like hour by hour (ADR 0011).
ALTER TABLE errors ADD COLUMN IF NOT EXISTS group_hash FixedString(16) AFTER journal_sequence;

CREATE TABLE IF NOT EXISTS error_groups
(
    project_id UInt32,
    group_hash FixedString(16),
    hour DateTime('UTC'),
    environment LowCardinality(String),
    event_count SimpleAggregateFunction(sum, UInt64),
    first_time SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_time SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    -- States and not numbers: people who met a group twice, or two groups of one issue, count once.
    users AggregateFunction(uniq, String)
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(hour)
ORDER BY (project_id, group_hash, hour, environment)
SETTINGS {{ tables }};

CREATE MATERIALIZED VIEW IF NOT EXISTS error_groups_from_errors TO error_groups AS
SELECT
    project_id,
    group_hash,
    toStartOfHour(errors.time) AS hour,
    environment,
    count() AS event_count,
    min(errors.time) AS first_time,
    max(errors.time) AS last_time,
    uniqStateIf(
        multiIf(
            user_id != '', concat('id:', user_id),
            user_email != '', concat('email:', user_email),
            user_name != '', concat('username:', user_name),
            concat('ip:', user_address)
        ),
        user_id != '' OR user_email != '' OR user_name != '' OR user_address != ''
    ) AS users
FROM errors
WHERE group_hash != toFixedString('', 16)
GROUP BY project_id, group_hash, hour, environment;
