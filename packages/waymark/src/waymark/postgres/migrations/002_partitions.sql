-- Partitions come and go by these functions; the default partition takes spans of odd days.

CREATE FUNCTION ensure_trace_partition(day date) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    partition_name text := 'traces_' || to_char(day, 'YYYYMMDD');
    day_begins timestamptz := day::timestamp AT TIME ZONE 'UTC';
    day_ends   timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
    -- Two services may start at the same moment.
    PERFORM pg_advisory_xact_lock(hashtext('ensure_trace_partition'));
    IF to_regclass(partition_name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE traces INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                   partition_name);
    EXECUTE format('ALTER TABLE %I ADD UNIQUE (trace_id, span_id)', partition_name);
    EXECUTE format('WITH moved AS (DELETE FROM traces_default '
                   'WHERE start_time >= %L AND start_time < %L RETURNING *) '
                   'INSERT INTO %I SELECT * FROM moved',
                   day_begins, day_ends, partition_name);
    EXECUTE format('ALTER TABLE traces ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   partition_name, day_begins, day_ends);
    RETURN true;
END $$;

-- Call it once a day: makes the partitions of the coming days and drops those that are too old.
CREATE FUNCTION maintain_traces(retention_days integer, days_ahead integer DEFAULT 7)
RETURNS TABLE (partitions_made integer, partitions_dropped integer, rows_dropped bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    oldest_kept date := today - retention_days;
    partition_name text;
BEGIN
    IF retention_days < 1 OR days_ahead < 0 OR days_ahead > 366 THEN
        RAISE EXCEPTION 'retention_days must be at least 1 and days_ahead between 0 and 366';
    END IF;
    SELECT count(*) FILTER (WHERE ensure_trace_partition(today + distance))
      INTO partitions_made FROM generate_series(-1, days_ahead) AS distance;
    partitions_dropped := 0;
    FOR partition_name IN
        SELECT child.relname FROM pg_inherits
          JOIN pg_class child ON child.oid = inhrelid
         WHERE inhparent = 'traces'::regclass AND child.relname ~ '^traces_[0-9]{8}$'
           AND to_date(right(child.relname, 8), 'YYYYMMDD') < oldest_kept
    LOOP
        EXECUTE format('DROP TABLE %I', partition_name);
        partitions_dropped := partitions_dropped + 1;
    END LOOP;
    DELETE FROM traces_default WHERE start_time < oldest_kept::timestamp AT TIME ZONE 'UTC';
    GET DIAGNOSTICS rows_dropped = ROW_COUNT;
    RETURN NEXT;
END $$;
