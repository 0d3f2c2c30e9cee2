-- The list page: most recently active traces, narrowed by every filter the page has.

CREATE FUNCTION list_trace_services() RETURNS SETOF text
LANGUAGE sql STABLE AS $$
    -- One index probe per service instead of a look at every span.
    WITH RECURSIVE service AS (
        (SELECT service_name AS name FROM traces WHERE is_entry ORDER BY service_name LIMIT 1)
        UNION ALL
        SELECT (SELECT service_name FROM traces
                 WHERE is_entry AND service_name > service.name
                 ORDER BY service_name LIMIT 1)
          FROM service WHERE service.name IS NOT NULL
    )
    SELECT name FROM service WHERE name IS NOT NULL
$$;

-- The spans by which list_traces finds traces: few rows, by an index, newest first.
CREATE FUNCTION trace_candidates_sql(
    wanted_service text, wanted_status text, min_duration_ms double precision, search text
) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    conditions text := CASE WHEN wanted_status = 'errors' THEN 'status = ''ERROR''' ELSE 'is_entry' END;
BEGIN
    IF wanted_status IS DISTINCT FROM 'errors' AND wanted_service IS NOT NULL THEN
        conditions := conditions || format(' AND service_name = %L', wanted_service);
    END IF;
    IF wanted_status IS DISTINCT FROM 'errors' AND min_duration_ms IS NOT NULL THEN
        conditions := conditions || format(' AND duration_ms > %L', min_duration_ms);
    END IF;
    IF search ~ '^[0-9a-f]{4,32}$' THEN
        conditions := conditions || format(
            ' AND (trace_id LIKE %L OR position(%L IN lower(service_name)) > 0)',
            search || '%', search);
    END IF;
    -- The limit lets a filter that nothing meets still answer soon.
    RETURN 'SELECT trace_id FROM traces WHERE ' || conditions
        || ' ORDER BY start_time DESC LIMIT 20000';
END $$;

-- A filter that is NULL does not narrow. wanted_status is 'errors' or 'success'; search is a trace
-- id, the beginning of one, or part of the name of a service.
CREATE FUNCTION list_traces(
    wanted_service text DEFAULT NULL, wanted_status text DEFAULT NULL,
    min_duration_ms double precision DEFAULT NULL, max_duration_ms double precision DEFAULT NULL,
    search text DEFAULT NULL, "limit" integer DEFAULT 100
) RETURNS SETOF trace_summaries
LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted_text text := nullif(lower(trim(search)), '');
    candidates refcursor;
    candidate_id text;
    seen text[] := '{}';
    found_count integer := 0;
    summary trace_summaries;
BEGIN
    IF wanted_text ~ '^[0-9a-f]{32}$' THEN
        OPEN candidates FOR SELECT wanted_text;
    ELSE
        OPEN candidates FOR EXECUTE
            trace_candidates_sql(wanted_service, wanted_status, min_duration_ms, wanted_text);
    END IF;
    WHILE found_count < least("limit", 1000) LOOP
        FETCH candidates INTO candidate_id;
        EXIT WHEN NOT FOUND;
        CONTINUE WHEN candidate_id = ANY (seen);
        seen := seen || candidate_id;
        SELECT * INTO summary FROM trace_summaries s WHERE s.trace_id = candidate_id;
        CONTINUE WHEN summary.trace_id IS NULL
            OR wanted_service IS NOT NULL AND wanted_service <> ALL (summary.service_names)
            OR wanted_status = 'errors' AND NOT summary.has_error
            OR wanted_status = 'success' AND summary.has_error
            OR summary.duration_ms <= min_duration_ms
            OR summary.duration_ms >= max_duration_ms
            OR NOT starts_with(summary.trace_id, wanted_text)
               AND position(wanted_text IN lower(array_to_string(summary.service_names, ' '))) = 0;
        found_count := found_count + 1;
        RETURN NEXT summary;
    END LOOP;
    CLOSE candidates;
END $$;
