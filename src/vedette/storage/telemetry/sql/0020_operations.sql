-- What services do, per minute: counts, failures, durations (ADR 0020).
CREATE TABLE IF NOT EXISTS operations
(
    project_id UInt32,
    service LowCardinality(String),
    -- Where a service is entered: the spans that its own figures are about.
    is_entry Bool,
    minute DateTime('UTC') CODEC(Delta(4), Default),
    environment LowCardinality(String),
    kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
    op LowCardinality(String),
    -- Of a database the query without its values, of all else the name of the span, in which numbers
    -- and ids are a star.
    operation LowCardinality(String),
    -- The database system or the queue.
    target LowCardinality(String),
    is_error Bool,
    -- Spans that are kept, and spans that they stand for.
    span_count SimpleAggregateFunction(sum, UInt64),
    weight SimpleAggregateFunction(sum, UInt64),
    -- Nanoseconds of all that they stand for.
    duration_sum SimpleAggregateFunction(sum, Float64),
    duration_max SimpleAggregateFunction(max, UInt64),
    durations AggregateFunction(quantilesTDigestWeighted(0.5), UInt64, UInt64),
    -- The trace to look at.
    slowest AggregateFunction(argMax, FixedString(16), UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute)
ORDER BY (project_id, service, is_entry, minute, environment, kind, op, operation, target, is_error)
SETTINGS {{ tables }};

CREATE MATERIALIZED VIEW IF NOT EXISTS operations_from_spans TO operations AS
WITH
    toUInt64(if(sample_rate > 0, round(1 / sample_rate), 1)) AS stands_for,
    -- As a dictionary each query of a block is normalised once.
    substringUTF8(normalizeQuery(toLowCardinality(if(db_system != '', description, ''))), 1, 500) AS query
SELECT
    project_id,
    service,
    is_segment AS is_entry,
    toStartOfMinute(spans.start_time) AS minute,
    environment,
    kind,
    op,
    if(query != '', query, replaceRegexpAll(name, '[0-9a-f]{8}-?[0-9a-f-]{8,}|[0-9]+', '*')) AS operation,
    if(db_system != '', db_system, messaging_destination) AS target,
    status = 'error' AS is_error,
    count() AS span_count,
    sum(stands_for) AS weight,
    sum(toFloat64(duration_ns) * stands_for) AS duration_sum,
    max(duration_ns) AS duration_max,
    quantilesTDigestWeightedState(0.5)(duration_ns, stands_for) AS durations,
    argMaxState(trace_id, duration_ns) AS slowest
FROM spans
-- Entries and calls: what a service does within itself is asked of the spans.
WHERE is_segment OR kind IN ('server', 'client', 'producer', 'consumer') OR db_system != ''
    OR messaging_destination != '' OR peer_service != '' OR startsWith(op, 'http.client')
GROUP BY project_id, service, is_entry, minute, environment, kind, op, operation, target, is_error;
