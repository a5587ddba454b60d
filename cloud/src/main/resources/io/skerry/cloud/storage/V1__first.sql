-- One SQL for the embedded database and for PostgreSQL: text ids, whole numbers for instants (milliseconds since 1970),
-- JSON as text.

CREATE TABLE customers (
    customer_id TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL
);

-- Only the SHA-256 of a key is kept. A key without a customer is one of the whole installation.
CREATE TABLE api_keys (
    api_key_id  TEXT PRIMARY KEY,
    customer_id TEXT REFERENCES customers (customer_id),
    name        TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);

CREATE TABLE claim_tokens (
    secret_hash TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (customer_id),
    node_name   TEXT,
    uses_left   INTEGER NOT NULL,
    expires_at  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);

-- key_fingerprint: the SHA-256 of the device key's SubjectPublicKeyInfo. status: the newest DeviceStatus as it came.
-- claim_hash: the claim token's, so that a device whose enrolment was answered into the void can ask again with its key.
CREATE TABLE nodes (
    node_id         TEXT PRIMARY KEY,
    customer_id     TEXT NOT NULL REFERENCES customers (customer_id),
    name            TEXT NOT NULL,
    key_fingerprint TEXT NOT NULL UNIQUE,
    claim_hash      TEXT,
    capabilities    TEXT NOT NULL,
    status          TEXT,
    status_at       BIGINT,
    last_seen_at    BIGINT,
    created_at      BIGINT NOT NULL,
    UNIQUE (customer_id, name)
);

-- Keys of removed nodes, so that their certificates stay refused.
CREATE TABLE revoked_keys (
    key_fingerprint TEXT PRIMARY KEY,
    revoked_at      BIGINT NOT NULL
);

CREATE TABLE services (
    service_id     TEXT PRIMARY KEY,
    customer_id    TEXT NOT NULL REFERENCES customers (customer_id),
    name           TEXT NOT NULL,
    latest_version INTEGER NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (customer_id, name)
);

-- settings: everything of a version but its images, as JSON.
CREATE TABLE service_versions (
    service_id      TEXT NOT NULL REFERENCES services (service_id),
    version         INTEGER NOT NULL,
    container_image TEXT NOT NULL,
    settings        TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (service_id, version)
);

CREATE TABLE service_images (
    service_id       TEXT NOT NULL,
    version          INTEGER NOT NULL,
    architecture     TEXT NOT NULL,
    image_reference  TEXT NOT NULL,
    manifest_digest  TEXT NOT NULL,
    media_type       TEXT NOT NULL,
    compressed_bytes BIGINT NOT NULL,
    unpacked_bytes   BIGINT NOT NULL,
    PRIMARY KEY (service_id, version, architecture),
    FOREIGN KEY (service_id, version) REFERENCES service_versions (service_id, version)
);
CREATE INDEX service_images_by_manifest ON service_images (manifest_digest);

-- Which blobs a manifest reaches (itself included): who may read a manifest may read these.
CREATE TABLE manifest_blobs (
    manifest_digest TEXT NOT NULL,
    blob_digest     TEXT NOT NULL,
    size            BIGINT NOT NULL,
    media_type      TEXT NOT NULL,
    PRIMARY KEY (manifest_digest, blob_digest)
);
CREATE INDEX manifest_blobs_by_blob ON manifest_blobs (blob_digest);

CREATE TABLE imports (
    import_id    TEXT PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customers (customer_id),
    service_name TEXT NOT NULL,
    state        TEXT NOT NULL,
    bytes_total  BIGINT NOT NULL,
    service_id   TEXT,
    version      INTEGER,
    problem      TEXT,
    started_at   BIGINT NOT NULL,
    ended_at     BIGINT
);
CREATE INDEX imports_by_customer ON imports (customer_id, started_at);

-- selector: null, version:N or disabled. held_version: what a disabled instance keeps running.
CREATE TABLE instances (
    instance_id  TEXT PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customers (customer_id),
    service_id   TEXT NOT NULL REFERENCES services (service_id),
    node_id      TEXT NOT NULL REFERENCES nodes (node_id),
    selector     TEXT,
    held_version INTEGER,
    created_at   BIGINT NOT NULL
);
CREATE INDEX instances_by_service ON instances (service_id);
CREATE INDEX instances_by_node ON instances (node_id);
CREATE INDEX instances_by_customer ON instances (customer_id, instance_id);

-- What each node was told last: signed is the very SignedDesiredState body that it gets. previous_workload is the one
-- before, whose content it may still read.
CREATE TABLE desired_states (
    node_id           TEXT PRIMARY KEY REFERENCES nodes (node_id),
    epoch             BIGINT NOT NULL,
    serial            BIGINT NOT NULL,
    workload          TEXT NOT NULL,
    previous_workload TEXT NOT NULL,
    session           TEXT NOT NULL,
    signed            TEXT NOT NULL,
    changed_at        BIGINT NOT NULL
);
