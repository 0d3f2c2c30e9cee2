-- Who calls whom: both ends of each call for a few hours, and the calls of each minute (ADR 0020).
CREATE TABLE IF NOT EXISTS call_ends
(
    -- When it came in: each call is settled in the minute in which its called end came in.
    arrival DateTime('UTC') CODEC(Delta(4), Default),
    -- Of the trace and the span of the calling end.
    call_id UInt64,
    is_called_end Bool,
    project_id UInt32,
    minute DateTime('UTC') CODEC(Delta(4), Default),
    environment LowCardinality(String),
    service LowCardinality(String),
    -- What the calling end says of whom it calls: http, rpc, database, queue; and its name.
    peer_kind LowCardinality(String),
    peer LowCardinality(String),
    is_error Bool,
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), Default),
    duration_ns UInt64,
    stands_for UInt64
)
ENGINE = MergeTree
PARTITION BY toStartOfHour(arrival)
ORDER BY (arrival, call_id)
SETTINGS {{ tables }};

CREATE MATERIALIZED VIEW IF NOT EXISTS call_ends_from_spans TO call_ends AS
SELECT
    toDateTime(intDiv(toUnixTimestamp64Milli(received_at), 10000) * 10, 'UTC') AS arrival,
    multiIf(
        NOT is_called_end, sipHash64(trace_id, span_id),
        -- Consumers name the message's producer by a link rather than as their parent.
        kind = 'consumer' AND notEmpty(link_span_ids), sipHash64(link_trace_ids[1], link_span_ids[1]),
        sipHash64(trace_id, parent_span_id)
    ) AS call_id,
    is_segment AND kind NOT IN ('client', 'producer') AS is_called_end,
    project_id,
    toStartOfMinute(spans.start_time) AS minute,
    environment,
    service,
    multiIf(
        is_called_end, if(kind = 'consumer' OR messaging_destination != '', 'queue', ''),
        db_system != '', 'database',
        messaging_destination != '' OR kind = 'producer', 'queue',
        rpc_service != '', 'rpc',
        kind = 'client' OR startsWith(op, 'http'), 'http',
        ''
    ) AS peer_kind,
    multiIf(
        is_called_end, messaging_destination,
        db_system != '', if(server_address = '', db_system, concat(db_system, ' ', server_address)),
        messaging_destination != '', messaging_destination,
        peer_service != '', peer_service,
        server_address != '', server_address,
        rpc_service != '', rpc_service,
        domain(if(attr_str['url.full'] != '', attr_str['url.full'], attr_str['http.url']))
    ) AS peer,
    status = 'error' AS is_error,
    spans.start_time AS start_time,
    duration_ns,
    toUInt64(if(sample_rate > 0, round(1 / sample_rate), 1)) AS stands_for
FROM spans
WHERE is_segment OR kind IN ('client', 'producer') OR db_system != '' OR peer_service != ''
    OR startsWith(op, 'http.client');

CREATE TABLE IF NOT EXISTS calls
(
    minute DateTime('UTC') CODEC(Delta(4), Default),
    -- Of the caller and of the called service; 0 where there is none.
    caller_project_id UInt32,
    project_id UInt32,
    environment LowCardinality(String),
    -- Empty: somebody who sends no telemetry.
    caller LowCardinality(String),
    -- service, http, rpc, database or queue.
    kind LowCardinality(String),
    called LowCardinality(String),
    -- The queue between both, if there is one.
    via LowCardinality(String),
    is_error Bool,
    call_count SimpleAggregateFunction(sum, UInt64),
    weight SimpleAggregateFunction(sum, UInt64),
    duration_sum SimpleAggregateFunction(sum, Float64),
    durations AggregateFunction(quantilesTDigestWeighted(0.5), UInt64, UInt64),
    -- Nanoseconds from the begin of the calling end to that of the called one, where both are known.
    lags AggregateFunction(quantilesTDigestWeightedIf(0.5), UInt64, UInt64, UInt8)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute)
ORDER BY (minute, caller_project_id, project_id, environment, caller, kind, called, via, is_error)
SETTINGS {{ tables }};

-- Up to when calls are settled, by arrival.
CREATE TABLE IF NOT EXISTS calls_settled
(
    name LowCardinality(String),
    until SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY name
SETTINGS {{ tables }};
