-- Three roles, each able to do one thing. Grant them to the users that services connect as.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['waymark_writer', 'waymark_reader', 'waymark_keeper'] LOOP
        -- Roles belong to the whole server: another database may have made them already.
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON traces, trace_summaries FROM PUBLIC;
REVOKE ALL ON FUNCTION maintain_traces, ensure_trace_partition FROM PUBLIC;

-- The exporter adds spans and cannot even read them.
GRANT INSERT ON traces TO waymark_writer;
GRANT USAGE ON SEQUENCE traces_id_seq TO waymark_writer;

-- Pages read.
GRANT SELECT ON traces, trace_summaries TO waymark_reader;

-- The daily job makes and drops partitions by one function, which works with its owner's rights.
GRANT EXECUTE ON FUNCTION maintain_traces TO waymark_keeper;
