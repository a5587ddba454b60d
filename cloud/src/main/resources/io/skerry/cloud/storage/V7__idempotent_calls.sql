-- Mutations that came with an idempotency key. call_id, input_hash and answer are made with keys that only the caller's API key gives.
-- attempt_id: who carries it out now. held_until: null has ended. changed: 1 once something of it was kept, set in the
-- transaction of the change itself. answer: null while there is none, or when it was lost.
CREATE TABLE idempotent_calls (
    call_id    TEXT PRIMARY KEY,
    api_key_id TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    begun_at   BIGINT NOT NULL,
    held_until BIGINT,
    changed    INTEGER NOT NULL DEFAULT 0,
    answer     TEXT
);
CREATE UNIQUE INDEX idempotent_calls_by_attempt ON idempotent_calls (attempt_id);
CREATE INDEX idempotent_calls_by_key ON idempotent_calls (api_key_id);
CREATE INDEX idempotent_calls_by_time ON idempotent_calls (begun_at);
