-- Whose imports have brought a blob lately, and so have shown that they have it. Once a version reaches the blob, that counts.
CREATE TABLE brought_blobs (
    customer_id TEXT NOT NULL,
    blob_digest TEXT NOT NULL,
    brought_at  BIGINT NOT NULL,
    PRIMARY KEY (customer_id, blob_digest)
);
CREATE INDEX brought_blobs_by_time ON brought_blobs (brought_at);
