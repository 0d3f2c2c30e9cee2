-- Ends of calls, smaller: what is called without an end of its own needs neither id nor moment (ADR 0020).
DROP VIEW IF EXISTS call_ends_from_spans;

CREATE MATERIALIZED VIEW IF NOT EXISTS call_ends_from_spans TO call_ends AS
SELECT
    toDateTime(intDiv(toUnixTimestamp64Milli(received_at), 10000) * 10, 'UTC') AS arrival,
    multiIf(
        -- A database sends no telemetry: nothing will be put together.
        db_system != '' AND NOT is_called_end, 0,
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
    if(call_id = 0, toDateTime64(0, 9, 'UTC'), spans.start_time) AS start_time,
    duration_ns,
    toUInt64(if(sample_rate > 0, round(1 / sample_rate), 1)) AS stands_for
FROM spans
WHERE is_segment OR kind IN ('client', 'producer') OR db_system != '' OR peer_service != ''
    OR startsWith(op, 'http.client');
