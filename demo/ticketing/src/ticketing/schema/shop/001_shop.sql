-- What is sold and what was sold. The lounge owns it; the gate learns of tickets by webhook.

CREATE TABLE events (
    id           text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,40}$'),
    name         text NOT NULL,
    venue        text NOT NULL,
    starts_at    timestamptz NOT NULL,
    price_cents  integer NOT NULL CHECK (price_cents >= 0),
    capacity     integer NOT NULL CHECK (capacity > 0),
    -- The constraint is the last guard against selling a seat twice.
    tickets_left integer NOT NULL CHECK (tickets_left BETWEEN 0 AND capacity)
);
CREATE INDEX events_by_time ON events (starts_at, id);

CREATE TABLE orders (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event_id    text NOT NULL REFERENCES events,
    buyer_name  text NOT NULL,
    buyer_email text NOT NULL,
    quantity    integer NOT NULL CHECK (quantity BETWEEN 1 AND 6),
    total_cents integer NOT NULL,
    -- A form that is sent twice orders once.
    form_token  text NOT NULL UNIQUE,
    traceparent text NOT NULL,
    mail_state  text NOT NULL DEFAULT 'pending' CHECK (mail_state IN ('pending', 'sent', 'queued')),
    cancelled_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_by_time ON orders (created_at DESC);

CREATE TABLE tickets (
    id          text PRIMARY KEY,
    order_id    uuid NOT NULL REFERENCES orders,
    event_id    text NOT NULL REFERENCES events,
    -- The span of the order: whoever handles the ticket later continues it.
    traceparent text NOT NULL,
    state       text NOT NULL DEFAULT 'issued' CHECK (state IN ('issued', 'admitted', 'revoked')),
    admitted_at timestamptz
);
CREATE INDEX tickets_of_order ON tickets (order_id);

CREATE TABLE waitlist (
    event_id     text NOT NULL REFERENCES events,
    email        text NOT NULL,
    joined_at    timestamptz NOT NULL DEFAULT now(),
    converted_order_id uuid REFERENCES orders,
    PRIMARY KEY (event_id, email)
);

CREATE TABLE users (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    role          text NOT NULL CHECK (role IN ('admin', 'gate'))
);

CREATE TABLE sessions (
    token_sha256 text PRIMARY KEY,
    user_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Faults on purpose: off unless a row says until when they are on.
CREATE TABLE faults (
    name          text PRIMARY KEY,
    enabled_until timestamptz NOT NULL
);
