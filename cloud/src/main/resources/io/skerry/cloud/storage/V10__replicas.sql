-- Several processes ("replicas") on one PostgreSQL. Of no meaning after all of them have ended. Times are the database's own,
-- milliseconds since 1970.
-- alive_until: prolonged while it lives; after that its rows in the other tables count no more.
CREATE TABLE replicas (
    replica_id  TEXT PRIMARY KEY,
    address     TEXT NOT NULL,
    alive_until BIGINT NOT NULL
);
-- What a replica tells the others, in the transaction that did it. number: grows with the replica's commits, since it commits one
-- transaction after the other; so whoever has read up to a number has missed nothing before it.
CREATE TABLE changes (
    replica_id TEXT NOT NULL,
    number     BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    detail     TEXT NOT NULL,
    noted_at   BIGINT NOT NULL,
    PRIMARY KEY (replica_id, number)
);
-- Work that only one does at a time.
CREATE TABLE leases (
    name       TEXT PRIMARY KEY,
    replica_id TEXT NOT NULL,
    held_until BIGINT NOT NULL
);
-- Which devices are connected to which replica.
CREATE TABLE presences (
    node_id    TEXT NOT NULL,
    replica_id TEXT NOT NULL,
    PRIMARY KEY (node_id, replica_id)
);
CREATE INDEX presences_by_replica ON presences (replica_id);

-- Which process runs it; empty: there is only one.
ALTER TABLE imports ADD COLUMN replica_id TEXT NOT NULL DEFAULT '';
-- What the whole installation has once. authority: the fingerprint of the certificate authority, by which the processes on this
-- database know that they have the same keys.
CREATE TABLE installation (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
