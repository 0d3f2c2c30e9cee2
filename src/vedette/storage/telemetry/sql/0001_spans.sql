-- Spans of every protocol: one table, one meaning (ADR 0004).
CREATE TABLE IF NOT EXISTS spans
(
    project_id UInt32,
    trace_id FixedString(16),
    span_id FixedString(8),
    -- All zeros: this span has no parent.
    parent_span_id FixedString(8),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), Default),
    duration_ns UInt64,
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), Default),

    -- What it is: `name` as the sender named it, `op` in Sentry's words, `description` if it says more.
    name LowCardinality(String),
    op LowCardinality(String),
    description String,
    kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2),
    -- The finer word that Sentry SDKs send, such as deadline_exceeded.
    status_text LowCardinality(String),
    status_message String,
    -- The first span of a service's part of the trace (Sentry's transaction), and which one a span belongs to.
    is_segment Bool,
    segment_id FixedString(8),
    segment_name LowCardinality(String),

    -- Who: from the resource or from the event.
    service LowCardinality(String),
    environment LowCardinality(String),
    release LowCardinality(String),
    platform LowCardinality(String),
    -- sentry_transaction, sentry_span or otlp.
    protocol LowCardinality(String),
    origin LowCardinality(String),
    scope_name LowCardinality(String),
    resource_id UInt64,

    -- Hot attributes: they stand here instead of in the maps (vedette.model.promoted).
    http_method LowCardinality(String),
    http_status UInt16,
    http_route LowCardinality(String),
    db_system LowCardinality(String),
    db_collection LowCardinality(String),
    messaging_destination LowCardinality(String),
    rpc_service LowCardinality(String),
    server_address LowCardinality(String),
    peer_service LowCardinality(String),
    exception_type LowCardinality(String),
    user_id String,
    session_id String,
    replay_id String,
    profile_id String,
    thread_id String,

    -- How many spans this one stands for is 1 / sample_rate.
    sample_rate Float32 DEFAULT 1,

    attr_str Map(LowCardinality(String), String),
    attr_num Map(LowCardinality(String), Float64),
    attr_bool Map(LowCardinality(String), Bool),

    event_times Array(DateTime64(9, 'UTC')),
    event_names Array(LowCardinality(String)),
    -- JSON objects.
    event_attributes Array(String),
    link_trace_ids Array(FixedString(16)),
    link_span_ids Array(FixedString(8)),
    -- JSON objects.
    link_attributes Array(String),

    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1
    -- attribute index
    , INDEX attributes_text arrayMap((k, v) -> concat(k, '=', v), mapKeys(attr_str), mapValues(attr_str)) TYPE text(tokenizer = 'array')
    -- attribute index
)
ENGINE = MergeTree
PARTITION BY toDate(start_time)
ORDER BY (project_id, toStartOfTenMinutes(start_time), trace_id, start_time)
SETTINGS {{ tables }};

-- Where in time a trace lies, so that reading one by id touches only its own granules.
CREATE TABLE IF NOT EXISTS traces
(
    trace_id FixedString(16),
    week Date,
    start_time SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    end_time SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    span_count SimpleAggregateFunction(sum, UInt64),
    error_count SimpleAggregateFunction(sum, UInt64),
    project_ids SimpleAggregateFunction(groupUniqArrayArray, Array(UInt32))
)
ENGINE = AggregatingMergeTree
PARTITION BY week
ORDER BY trace_id
SETTINGS {{ tables }};

CREATE MATERIALIZED VIEW IF NOT EXISTS traces_from_spans TO traces AS
SELECT
    trace_id,
    toMonday(min(spans.start_time)) AS week,
    min(spans.start_time) AS start_time,
    max(addNanoseconds(spans.start_time, duration_ns)) AS end_time,
    count() AS span_count,
    countIf(status = 'error') AS error_count,
    groupUniqArray(project_id) AS project_ids
FROM spans
GROUP BY trace_id;

-- What a resource (or a Sentry SDK's host) says of itself, once per resource instead of once per span.
CREATE TABLE IF NOT EXISTS resources
(
    project_id UInt32,
    resource_id UInt64,
    last_seen Date,
    attr_str Map(LowCardinality(String), String),
    attr_num Map(LowCardinality(String), Float64),
    attr_bool Map(LowCardinality(String), Bool)
)
ENGINE = ReplacingMergeTree(last_seen)
PARTITION BY toYYYYMM(last_seen)
ORDER BY (project_id, resource_id)
SETTINGS {{ tables }};

-- Names of attributes that were seen: completion and facets read this, never the spans.
CREATE TABLE IF NOT EXISTS attribute_keys
(
    project_id UInt32,
    dataset LowCardinality(String),
    hour DateTime('UTC'),
    key String,
    type Enum8('string' = 0, 'number' = 1, 'boolean' = 2),
    count UInt64
)
ENGINE = SummingMergeTree(count)
PARTITION BY toYYYYMM(hour)
ORDER BY (project_id, dataset, hour, key, type)
SETTINGS {{ tables }};
