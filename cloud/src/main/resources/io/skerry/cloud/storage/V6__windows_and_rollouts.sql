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

-- How a service's new versions go out. policy: RolloutPolicy as JSON; without a row they go to all at once.
CREATE TABLE rollout_policies (
    service_id TEXT PRIMARY KEY REFERENCES services (service_id) ON DELETE CASCADE,
    policy     TEXT NOT NULL
);

-- One new version's way. from_version: what instances get that aren't members yet. phase: the one that it is in, from 0. good_since: from
-- when on its success threshold has been reached. tolerated: failures that an operator has seen and went on with.
CREATE TABLE rollouts (
    rollout_id   TEXT PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customers (customer_id),
    service_id   TEXT NOT NULL REFERENCES services (service_id) ON DELETE CASCADE,
    version      INTEGER NOT NULL,
    from_version INTEGER,
    policy       TEXT NOT NULL,
    state        TEXT NOT NULL,
    phase        INTEGER NOT NULL,
    good_since   BIGINT,
    tolerated    INTEGER NOT NULL,
    reason       TEXT,
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);
CREATE INDEX rollouts_by_customer ON rollouts (customer_id, rollout_id);
CREATE INDEX rollouts_by_service ON rollouts (service_id, rollout_id);
CREATE INDEX rollouts_by_state ON rollouts (state);

-- The instances that it concerns. before_version: what each was told to run; null: nothing. admitted: 1 when it is told the new version.
-- stand: what its device last said about that.
CREATE TABLE rollout_members (
    rollout_id     TEXT NOT NULL REFERENCES rollouts (rollout_id) ON DELETE CASCADE,
    instance_id    TEXT NOT NULL REFERENCES instances (instance_id) ON DELETE CASCADE,
    phase          INTEGER NOT NULL,
    before_version INTEGER,
    admitted       INTEGER NOT NULL,
    stand          TEXT NOT NULL,
    PRIMARY KEY (rollout_id, instance_id)
);
CREATE INDEX rollout_members_by_instance ON rollout_members (instance_id);
