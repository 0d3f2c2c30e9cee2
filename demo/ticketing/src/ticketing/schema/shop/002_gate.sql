-- What the gate knows by itself, so that it can admit people while the lounge is away.

CREATE TABLE gate_tickets (
    ticket_id   text PRIMARY KEY,
    event_id    text NOT NULL,
    traceparent text NOT NULL,
    state       text NOT NULL DEFAULT 'issued' CHECK (state IN ('issued', 'admitted', 'revoked')),
    admitted_at timestamptz,
    scanner_id  text
);
CREATE INDEX gate_tickets_of_event ON gate_tickets (event_id, state);

-- A message is written in the transaction of the change that it tells of, and delivered afterwards
-- until it has arrived.
CREATE TABLE outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sender          text NOT NULL,
    kind            text NOT NULL,
    message_id      uuid NOT NULL DEFAULT gen_random_uuid(),
    body            jsonb NOT NULL,
    traceparent     text NOT NULL,
    attempt_count   integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    delivered_at    timestamptz,
    last_error      text
);
CREATE INDEX outbox_due ON outbox (sender, next_attempt_at) WHERE delivered_at IS NULL;

-- A webhook that comes twice is answered twice and obeyed once.
CREATE TABLE received_webhooks (
    receiver    text NOT NULL,
    message_id  uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (receiver, message_id)
);
