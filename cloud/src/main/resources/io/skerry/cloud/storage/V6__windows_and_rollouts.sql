-- When things may be updated. One row for each customer, group, node, service or instance of which something is said: subject_id is its
-- id, and stands in the column of its kind as well, so that the row goes with it. windows: UpdateWindows as JSON; null: those
-- of the next wider one. urgent_until: nothing waits for windows before this.
CREATE TABLE update_times (
    subject_id    TEXT PRIMARY KEY,
    subject_kind  TEXT NOT NULL,
    customer_id   TEXT NOT NULL REFERENCES customers (customer_id),
    group_id      TEXT REFERENCES node_groups (group_id) ON DELETE CASCADE,
    node_id       TEXT REFERENCES nodes (node_id) ON DELETE CASCADE,
    service_id    TEXT REFERENCES services (service_id) ON DELETE CASCADE,
    instance_id   TEXT REFERENCES instances (instance_id) ON DELETE CASCADE,
    windows       TEXT,
    time_zone     TEXT,
    urgent_until  BIGINT,
    urgent_reason TEXT
);
CREATE INDEX update_times_by_customer ON update_times (customer_id, subject_id);
CREATE INDEX update_times_by_group ON update_times (group_id);
CREATE INDEX update_times_by_node ON update_times (node_id);
CREATE INDEX update_times_by_service ON update_times (service_id);
CREATE INDEX update_times_by_instance ON update_times (instance_id);
