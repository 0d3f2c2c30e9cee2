-- What lists and pages ask. duration_ms is the longest entry span: how long somebody waited. A
-- ticket that is scanned days after its order is one trace; elapsed_ms spans those days.

CREATE VIEW trace_summaries AS
SELECT trace_id,
       min(start_time)                                         AS start_time,
       max(end_time)                                           AS end_time,
       coalesce(max(duration_ms) FILTER (WHERE is_entry), max(duration_ms)) AS duration_ms,
       extract(epoch FROM max(end_time) - min(start_time))::double precision * 1000 AS elapsed_ms,
       count(*)                                                AS span_count,
       count(DISTINCT service_name)                            AS service_count,
       array_agg(DISTINCT service_name)                        AS service_names,
       (array_agg(span_name ORDER BY start_time, is_entry DESC))[1]    AS root_name,
       (array_agg(service_name ORDER BY start_time, is_entry DESC))[1] AS root_service,
       max(start_time) FILTER (WHERE is_entry)                 AS last_entry_time,
       count(*) FILTER (WHERE status = 'ERROR')                AS error_count,
       bool_or(status = 'ERROR')                               AS has_error
  FROM traces
 GROUP BY trace_id;

-- All spans of a trace in the order a waterfall shows them. Spans whose parent is not stored are
-- roots; spans that are each other's ancestors are listed as roots too, so that none is missing.
CREATE FUNCTION get_trace_tree(wanted_trace_id text, span_count_max integer DEFAULT 5000)
RETURNS TABLE (
    depth integer, span_id text, parent_span_id text, service_name text, span_name text,
    span_kind text, start_time timestamptz, end_time timestamptz, duration_ms double precision,
    status text, status_message text, attributes jsonb, events jsonb, links jsonb, is_entry boolean,
    is_parent_missing boolean
)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE span AS MATERIALIZED (
        SELECT * FROM traces t WHERE t.trace_id = wanted_trace_id
         ORDER BY t.start_time LIMIT least(greatest(span_count_max, 1), 50000)
    ), placed AS (
        SELECT s.span_id, 0 AS depth, ARRAY[(s.start_time, s.span_id)] AS place
          FROM span s
         WHERE NOT EXISTS (SELECT FROM span p WHERE p.span_id = s.parent_span_id)
        UNION ALL
        SELECT s.span_id, placed.depth + 1, placed.place || (s.start_time, s.span_id)
          FROM placed JOIN span s ON s.parent_span_id = placed.span_id
    )
    SELECT coalesce(placed.depth, 0), s.span_id, s.parent_span_id, s.service_name, s.span_name,
           s.span_kind, s.start_time, s.end_time, s.duration_ms, s.status, s.status_message,
           s.attributes, s.events, s.links, s.is_entry,
           s.parent_span_id IS NOT NULL AND coalesce(placed.depth, 0) = 0
      FROM span s LEFT JOIN placed ON placed.span_id = s.span_id
     ORDER BY coalesce(placed.place, ARRAY[(s.start_time, s.span_id)])
$$;

-- One row of trace_summaries per distinct trace of a cursor's rows, until enough are found.
CREATE FUNCTION summarise_traces(candidates refcursor, summary_count_max integer)
RETURNS SETOF trace_summaries
LANGUAGE plpgsql STABLE AS $$
DECLARE
    candidate_id text;
    seen text[] := '{}';
BEGIN
    WHILE cardinality(seen) < least(summary_count_max, 1000) LOOP
        FETCH candidates INTO candidate_id;
        EXIT WHEN NOT FOUND;
        CONTINUE WHEN candidate_id = ANY (seen);
        seen := seen || candidate_id;
        RETURN QUERY SELECT * FROM trace_summaries WHERE trace_id = candidate_id;
    END LOOP;
    CLOSE candidates;
END $$;

-- The slowest traces first, not faster than min_duration_ms.
CREATE FUNCTION get_slow_traces(min_duration_ms double precision, "limit" integer DEFAULT 100)
RETURNS SETOF trace_summaries
LANGUAGE plpgsql STABLE AS $$
DECLARE
    slowest CURSOR FOR
        SELECT trace_id FROM traces
         WHERE is_entry AND duration_ms >= min_duration_ms
         ORDER BY duration_ms DESC LIMIT 20000;
BEGIN
    OPEN slowest;
    RETURN QUERY SELECT * FROM summarise_traces(slowest::refcursor, "limit");
END $$;

-- The traces with the most recent errors first.
CREATE FUNCTION get_error_traces("limit" integer DEFAULT 100)
RETURNS SETOF trace_summaries
LANGUAGE plpgsql STABLE AS $$
DECLARE
    failed CURSOR FOR
        SELECT trace_id FROM traces WHERE status = 'ERROR' ORDER BY start_time DESC LIMIT 20000;
BEGIN
    OPEN failed;
    RETURN QUERY SELECT * FROM summarise_traces(failed::refcursor, "limit");
END $$;
