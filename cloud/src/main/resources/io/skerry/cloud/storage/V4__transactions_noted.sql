-- On PostgreSQL each process that writes notes here which of its transactions was kept last: the one way to find that out
-- when the connection is lost amid a commit.
CREATE TABLE storage_writers (
    writer_id        TEXT PRIMARY KEY,
    last_transaction BIGINT NOT NULL,
    seen_at          BIGINT NOT NULL
);
