-- Which traces are linked with which, seen from either side (ADR 0020).
CREATE TABLE IF NOT EXISTS trace_links
(
    -- The trace that is asked about, and its span at this end of the link.
    trace_id FixedString(16),
    span_id FixedString(8),
    other_trace_id FixedString(16),
    other_span_id FixedString(8),
    -- Whether the other trace came before: its span is the one that is linked to.
    is_before Bool,
    -- Of the span that has the link.
    project_id UInt32,
    time DateTime64(9, 'UTC') CODEC(Delta(8), Default),
    service LowCardinality(String),
    op LowCardinality(String),
    name LowCardinality(String),
    kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
    -- A JSON object.
    attributes String
)
ENGINE = MergeTree
PARTITION BY toMonday(time)
ORDER BY (trace_id, time)
SETTINGS {{ tables }};

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_links_from_spans TO trace_links AS
SELECT
    if(is_before, own_trace_id, linked_trace_id) AS trace_id,
    if(is_before, own_span_id, linked_span_id) AS span_id,
    if(is_before, linked_trace_id, own_trace_id) AS other_trace_id,
    if(is_before, linked_span_id, own_span_id) AS other_span_id,
    is_before,
    project_id,
    spans_with_links.time AS time,
    service,
    op,
    name,
    kind,
    attributes
FROM
(
    SELECT
        spans.trace_id AS own_trace_id,
        spans.span_id AS own_span_id,
        project_id,
        start_time AS time,
        service,
        op,
        name,
        kind,
        linked_trace_id,
        linked_span_id,
        attributes
    FROM spans
    ARRAY JOIN
        link_trace_ids AS linked_trace_id,
        link_span_ids AS linked_span_id,
        link_attributes AS attributes
    WHERE notEmpty(link_trace_ids)
) AS spans_with_links
ARRAY JOIN [true, false] AS is_before;
