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
