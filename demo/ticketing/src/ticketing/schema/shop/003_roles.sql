-- Each site connects as its own role, which can do what the site does and nothing else.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['ticketing_lounge', 'ticketing_gate'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;
END $$;

GRANT SELECT ON events, users TO ticketing_lounge, ticketing_gate;
GRANT SELECT, INSERT, DELETE ON sessions TO ticketing_lounge, ticketing_gate;
GRANT SELECT, INSERT, UPDATE ON outbox TO ticketing_lounge, ticketing_gate;
GRANT INSERT ON received_webhooks TO ticketing_lounge, ticketing_gate;

GRANT UPDATE (tickets_left) ON events TO ticketing_lounge;
GRANT SELECT, INSERT, UPDATE ON orders, tickets, waitlist TO ticketing_lounge;
GRANT SELECT, INSERT, UPDATE, DELETE ON faults TO ticketing_lounge;

GRANT SELECT, INSERT, UPDATE ON gate_tickets TO ticketing_gate;
