-- Every scan with its trace, beside the traces themselves (waymark's migrations run first).

CREATE TABLE scan_logs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Made by the gate, so that a log that is delivered twice is stored once.
    scan_id         uuid NOT NULL UNIQUE,
    ticket_id       text,
    event_id        text,
    scanner_id      text NOT NULL,
    scan_method     text NOT NULL,
    outcome         text NOT NULL CHECK (outcome IN ('admitted', 'refused')),
    reason          text,
    trace_id        text COLLATE "C" NOT NULL CHECK (trace_id ~ '^[0-9a-f]{32}$'),
    -- The trace of the order. It differs from trace_id when the scanner came with its own trace.
    ticket_trace_id text COLLATE "C" CHECK (ticket_trace_id ~ '^[0-9a-f]{32}$'),
    duration_ms     double precision NOT NULL,
    scanned_at      timestamptz NOT NULL
);
CREATE INDEX scan_logs_by_trace ON scan_logs (trace_id);
CREATE INDEX scan_logs_by_ticket_trace ON scan_logs (ticket_trace_id);
CREATE INDEX scan_logs_by_time ON scan_logs (scanned_at DESC);

CREATE VIEW scan_logs_with_traces AS
SELECT scan_logs.*, trace.span_count, trace.service_count, trace.has_error,
       trace.start_time AS trace_start_time, trace.duration_ms AS trace_duration_ms
  FROM scan_logs
 CROSS JOIN LATERAL (
       -- Adds up one trace, without GROUP BY: the planner turns a join with trace_summaries into
       -- one that adds up every trace there is (1 s at a million spans instead of 1 ms).
       SELECT count(*) AS span_count, count(DISTINCT service_name) AS service_count,
              bool_or(status = 'ERROR') AS has_error, min(start_time) AS start_time,
              max(traces.duration_ms) FILTER (WHERE is_entry) AS duration_ms
         FROM traces WHERE traces.trace_id = scan_logs.trace_id
  ) AS trace;

-- All scans of a journey, whether they continued its trace or only link to it.
CREATE FUNCTION get_scan_logs_by_trace(wanted_trace_id text)
RETURNS SETOF scan_logs_with_traces
LANGUAGE sql STABLE AS $$
    SELECT * FROM scan_logs_with_traces
     WHERE trace_id = wanted_trace_id OR ticket_trace_id = wanted_trace_id
     ORDER BY scanned_at LIMIT 1000
$$;

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY
        ARRAY['ticketing_trace_writer', 'ticketing_trace_reader', 'ticketing_scan_writer',
              'ticketing_keeper'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;
END $$;

GRANT waymark_writer TO ticketing_trace_writer;
GRANT waymark_reader TO ticketing_trace_reader;
GRANT waymark_keeper TO ticketing_keeper;
GRANT SELECT ON scan_logs, scan_logs_with_traces TO ticketing_trace_reader;
GRANT INSERT ON scan_logs TO ticketing_scan_writer;
