-- What happened that integrators want to know. event_id: UUIDs of version 7 that only grow within a customer, in the order in which they were
-- written; whoever writes one changes its customer's row in event_heads, so that replicas do it one after the other. The columns of subjects
-- are no references: what is told of may be gone. data: JSON in the shape of the type's version.
CREATE TABLE event_heads (
    customer_id   TEXT PRIMARY KEY REFERENCES customers (customer_id),
    last_event_id TEXT NOT NULL
);
CREATE TABLE events (
    event_id     TEXT PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customers (customer_id),
    happened_at  BIGINT NOT NULL,
    type         TEXT NOT NULL,
    type_version INTEGER NOT NULL,
    node_id      TEXT,
    instance_id  TEXT,
    service_id   TEXT,
    rollout_id   TEXT,
    webhook_id   TEXT,
    data         TEXT NOT NULL
);
CREATE INDEX events_by_customer ON events (customer_id, event_id);
CREATE INDEX events_by_node ON events (node_id, event_id);
CREATE INDEX events_by_time ON events (happened_at);

-- What was told as events of each device: of its statuses (seen: the hash of what counts in the last one; told: JSON), and of its coming and
-- going (flaps: changes told of late, each soon after the one before). A device without a row has told nothing yet.
CREATE TABLE node_status_told (
    node_id TEXT PRIMARY KEY REFERENCES nodes (node_id) ON DELETE CASCADE,
    seen    TEXT NOT NULL,
    told    TEXT NOT NULL
);
CREATE TABLE node_presence_told (
    node_id    TEXT PRIMARY KEY REFERENCES nodes (node_id) ON DELETE CASCADE,
    online     INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    flaps      INTEGER NOT NULL
);
-- Devices from before count as online, so that only those are told of that are away.
INSERT INTO node_presence_told (node_id, online, changed_at, flaps) SELECT node_id, 1, 0, 0 FROM nodes;

-- event_types: words, separated by spaces; empty: all. group_id: no reference, a webhook of a group that is gone gets nothing. secret,
-- previous_secret: sealed by a key that isn't here (keys/sealing/<number>.key). disabled_reason: a problem as JSON; null: somebody disabled it.
CREATE TABLE webhooks (
    webhook_id      TEXT PRIMARY KEY,
    customer_id     TEXT NOT NULL REFERENCES customers (customer_id),
    name            TEXT NOT NULL,
    url             TEXT NOT NULL,
    event_types     TEXT NOT NULL,
    group_id        TEXT,
    enabled         INTEGER NOT NULL,
    disabled_reason TEXT,
    secret          TEXT NOT NULL,
    previous_secret TEXT,
    previous_until  BIGINT,
    created_at      BIGINT NOT NULL,
    UNIQUE (customer_id, name)
);

-- Who delivers for a webhook now, and how that goes: apart from the webhook, which whoever writes an event reads. lease_until: 0 is nobody.
-- not_before: until when there is nothing to do. failing_since: null: the last delivery was taken.
CREATE TABLE webhook_leases (
    webhook_id      TEXT PRIMARY KEY REFERENCES webhooks (webhook_id) ON DELETE CASCADE,
    holder          TEXT NOT NULL,
    lease_until     BIGINT NOT NULL,
    not_before      BIGINT NOT NULL,
    failures        INTEGER NOT NULL,
    failing_since   BIGINT,
    last_success_at BIGINT
);

-- state: waiting (in the order of events), aside (failed often, goes by its own time), delivered or given-up. tries: since begun_at; attempts: in all.
CREATE TABLE webhook_deliveries (
    delivery_id TEXT PRIMARY KEY,
    webhook_id  TEXT NOT NULL REFERENCES webhooks (webhook_id) ON DELETE CASCADE,
    event_id    TEXT NOT NULL REFERENCES events (event_id) ON DELETE CASCADE,
    state       TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    next_at     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    begun_at    BIGINT NOT NULL,
    ended_at    BIGINT
);
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (webhook_id, state, event_id);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, state, next_at);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, delivery_id);
CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id);
CREATE INDEX webhook_deliveries_by_end ON webhook_deliveries (ended_at);

-- status_code: null when there was no answer. problem: JSON; null when it was taken. answer: how the receiver's answer began.
CREATE TABLE webhook_attempts (
    delivery_id  TEXT NOT NULL REFERENCES webhook_deliveries (delivery_id) ON DELETE CASCADE,
    attempt      INTEGER NOT NULL,
    attempted_at BIGINT NOT NULL,
    millis       BIGINT NOT NULL,
    status_code  INTEGER,
    problem      TEXT,
    answer       TEXT NOT NULL,
    PRIMARY KEY (delivery_id, attempt)
);
