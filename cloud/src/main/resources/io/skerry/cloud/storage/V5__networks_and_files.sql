-- network: the service's NetworkSettings as JSON; null: it has no networks.
ALTER TABLE services ADD COLUMN network TEXT;

-- The part of its customer's addresses that an instance alone has, as whole numbers; null: none. It goes with the instance.
ALTER TABLE instances ADD COLUMN slice_first BIGINT;
ALTER TABLE instances ADD COLUMN slice_last BIGINT;
CREATE INDEX instances_by_slice ON instances (customer_id, slice_first, slice_last);

-- Whoever gives a slice or changes what is shared changes its customer's row first, so that it is one after the other. given: how many
-- times that was done.
CREATE TABLE subnet_pools (
    customer_id TEXT PRIMARY KEY REFERENCES customers (customer_id),
    given       BIGINT NOT NULL
);

-- The configuration files of an instance. content is sealed by a key that isn't here (keys/sealing/<number>.key), "<number>.<base64>"; so is
-- desired_states.signed of a node that has any. secret: 1 when nobody is shown what it says.
CREATE TABLE instance_files (
    instance_id TEXT NOT NULL REFERENCES instances (instance_id),
    path        TEXT NOT NULL,
    mode        INTEGER NOT NULL,
    secret      INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    content     TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (instance_id, path)
);
