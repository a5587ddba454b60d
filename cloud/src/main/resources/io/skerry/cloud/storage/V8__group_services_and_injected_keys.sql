-- A service that each device of a group has, the groups within it included. selector: as that of an instance, which its instances get.
CREATE TABLE group_services (
    group_service_id TEXT PRIMARY KEY,
    customer_id      TEXT NOT NULL REFERENCES customers (customer_id),
    group_id         TEXT NOT NULL REFERENCES node_groups (group_id) ON DELETE CASCADE,
    service_id       TEXT NOT NULL REFERENCES services (service_id),
    selector         TEXT,
    created_at       BIGINT NOT NULL,
    UNIQUE (group_id, service_id)
);
CREATE INDEX group_services_by_service ON group_services (service_id);
CREATE INDEX group_services_by_customer ON group_services (customer_id, group_service_id);

-- By which of these an instance came to its device; null: somebody added it to the device.
ALTER TABLE instances ADD COLUMN group_service_id TEXT REFERENCES group_services (group_service_id);
CREATE INDEX instances_by_group_service ON instances (group_service_id);

-- The devices that are to have an instance by their group and can't. problem: why, as JSON; code is the problem's.
CREATE TABLE absent_instances (
    group_service_id TEXT NOT NULL REFERENCES group_services (group_service_id) ON DELETE CASCADE,
    node_id          TEXT NOT NULL REFERENCES nodes (node_id) ON DELETE CASCADE,
    code             TEXT NOT NULL,
    problem          TEXT NOT NULL,
    since            BIGINT NOT NULL,
    PRIMARY KEY (group_service_id, node_id)
);
CREATE INDEX absent_instances_by_node ON absent_instances (node_id);
CREATE INDEX absent_instances_by_code ON absent_instances (code, since);

-- The group in which the token's devices begin; null: at the customer's root, also once that group is gone.
ALTER TABLE claim_tokens ADD COLUMN group_id TEXT REFERENCES node_groups (group_id) ON DELETE SET NULL;
CREATE INDEX claim_tokens_by_group ON claim_tokens (group_id);

-- In which instance's container a key lies; no reference, so that the key of a removed instance stays in the list.
ALTER TABLE api_keys ADD COLUMN instance_id TEXT;
CREATE INDEX api_keys_by_instance ON api_keys (instance_id);

-- The keys that the control plane makes for instances, each in a configuration file of its own. node_id: the one device that it is good
-- for; null: the whole customer. rotate_minutes: how often another takes its place; null: when somebody asks for it. overlap_minutes: the
-- longest that an earlier one stays good.
CREATE TABLE injected_keys (
    injected_key_id TEXT PRIMARY KEY,
    customer_id     TEXT NOT NULL REFERENCES customers (customer_id),
    instance_id     TEXT NOT NULL REFERENCES instances (instance_id) ON DELETE CASCADE,
    path            TEXT NOT NULL,
    mode            INTEGER NOT NULL,
    role            TEXT NOT NULL,
    node_id         TEXT,
    rotate_minutes  BIGINT,
    overlap_minutes BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    rotated_at      BIGINT NOT NULL,
    UNIQUE (instance_id, path)
);
CREATE INDEX injected_keys_by_rotation ON injected_keys (rotated_at);

-- Those of its keys that are good: the one in the file, with the file's digest, and earlier ones. good_until: when an earlier one is revoked
-- at the latest; null: it is the one in the file.
CREATE TABLE injected_key_turns (
    api_key_id      TEXT PRIMARY KEY REFERENCES api_keys (api_key_id),
    injected_key_id TEXT NOT NULL REFERENCES injected_keys (injected_key_id) ON DELETE CASCADE,
    digest          TEXT NOT NULL,
    made_at         BIGINT NOT NULL,
    good_until      BIGINT
);
CREATE INDEX injected_key_turns_by_key ON injected_key_turns (injected_key_id);
