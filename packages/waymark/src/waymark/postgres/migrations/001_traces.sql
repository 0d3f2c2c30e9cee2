-- One row per span. Partitioned by day so that forgetting is a DROP TABLE, not a DELETE.

CREATE SEQUENCE traces_id_seq;

CREATE TABLE traces (
    id             bigint           NOT NULL DEFAULT nextval('traces_id_seq'),
    trace_id       text COLLATE "C" NOT NULL CHECK (trace_id ~ '^[0-9a-f]{32}$'),
    span_id        text COLLATE "C" NOT NULL CHECK (span_id ~ '^[0-9a-f]{16}$'),
    parent_span_id text COLLATE "C"          CHECK (parent_span_id ~ '^[0-9a-f]{16}$'),
    service_name   text             NOT NULL,
    span_name      text             NOT NULL,
    span_kind      text             NOT NULL
        CHECK (span_kind IN ('INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER')),
    start_time     timestamptz      NOT NULL,
    end_time       timestamptz      NOT NULL,
    duration_ms    double precision NOT NULL,
    status         text             NOT NULL CHECK (status IN ('UNSET', 'OK', 'ERROR')),
    status_message text,
    attributes     jsonb            NOT NULL DEFAULT '{}',
    events         jsonb            NOT NULL DEFAULT '[]',
    links          jsonb            NOT NULL DEFAULT '[]',
    resource       jsonb            NOT NULL DEFAULT '{}',
    -- True where a trace enters a service: the parent is absent or lives elsewhere. Every service
    -- of a trace has such a span, so lists and filters need only these few rows.
    is_entry       boolean          NOT NULL,
    created_at     timestamptz      NOT NULL DEFAULT now()
) PARTITION BY RANGE (start_time);

ALTER SEQUENCE traces_id_seq OWNED BY traces.id;

CREATE INDEX traces_recent  ON traces (start_time DESC)               WHERE is_entry;
CREATE INDEX traces_slow    ON traces (duration_ms DESC)              WHERE is_entry;
CREATE INDEX traces_service ON traces (service_name, start_time DESC) WHERE is_entry;
CREATE INDEX traces_errors  ON traces (start_time DESC)               WHERE status = 'ERROR';

-- UNIQUE (trace_id, span_id) stands on every partition, since PostgreSQL allows it on the parent
-- only together with start_time. A span keeps its start time, so a span sent twice meets its first
-- copy in the same partition.
CREATE TABLE traces_default PARTITION OF traces DEFAULT;
ALTER TABLE traces_default ADD UNIQUE (trace_id, span_id);
