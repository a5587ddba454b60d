-- role: viewer, deployer, operator or admin. node_id: the one device that a key is good for; no reference, so that the key of
-- a removed node stays in the list. Keys from before could do everything.
ALTER TABLE api_keys ADD COLUMN role TEXT NOT NULL DEFAULT 'admin';
ALTER TABLE api_keys ADD COLUMN node_id TEXT;
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;

-- No references: what is told of may be gone.
CREATE TABLE audit_log (
    audit_id     TEXT PRIMARY KEY,
    happened_at  BIGINT NOT NULL,
    customer_id  TEXT,
    actor_kind   TEXT NOT NULL,
    actor_id     TEXT NOT NULL,
    actor_name   TEXT NOT NULL,
    operation    TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    before_json  TEXT,
    after_json   TEXT
);
CREATE INDEX audit_log_by_customer ON audit_log (customer_id, audit_id);
CREATE INDEX audit_log_by_subject ON audit_log (subject_id, audit_id);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, audit_id);
CREATE INDEX audit_log_by_time ON audit_log (happened_at);

-- Nested as folders are; parent_id: null is at the customer's root. path: the ids from the root to the group itself, each
-- after a slash, so that all that is below a group is found by its beginning.
CREATE TABLE node_groups (
    group_id    TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (customer_id),
    parent_id   TEXT REFERENCES node_groups (group_id),
    name        TEXT NOT NULL,
    path        TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX node_groups_by_name ON node_groups (customer_id, COALESCE(parent_id, ''), name);
CREATE INDEX node_groups_by_path ON node_groups (customer_id, path);
CREATE INDEX node_groups_by_parent ON node_groups (parent_id);

-- group_id: null is at the customer's root. attributes: what people keep of a device, as JSON.
ALTER TABLE nodes ADD COLUMN group_id TEXT REFERENCES node_groups (group_id);
ALTER TABLE nodes ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
CREATE INDEX nodes_by_group ON nodes (group_id);
CREATE INDEX nodes_by_customer ON nodes (customer_id, node_id);

CREATE TABLE node_labels (
    node_id TEXT NOT NULL REFERENCES nodes (node_id),
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (node_id, name)
);
CREATE INDEX node_labels_by_value ON node_labels (name, value);

-- retired_at: from when on nobody begins to follow it. latest_version: the newest that isn't retired; last_version: the highest number
-- that was ever given, so that none is given twice.
ALTER TABLE service_versions ADD COLUMN retired_at BIGINT;
ALTER TABLE services ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;
UPDATE services SET last_version = latest_version;
