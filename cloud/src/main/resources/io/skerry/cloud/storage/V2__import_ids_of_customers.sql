-- An import's id is its customer's own: another customer's use of it mustn't be seen.
CREATE TABLE customers_imports (
    customer_id  TEXT NOT NULL REFERENCES customers (customer_id),
    import_id    TEXT NOT NULL,
    service_name TEXT NOT NULL,
    state        TEXT NOT NULL,
    bytes_total  BIGINT NOT NULL,
    service_id   TEXT,
    version      INTEGER,
    problem      TEXT,
    started_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    PRIMARY KEY (customer_id, import_id)
);
INSERT INTO customers_imports (customer_id, import_id, service_name, state, bytes_total, service_id, version, problem,
                               started_at, ended_at)
    SELECT customer_id, import_id, service_name, state, bytes_total, service_id, version, problem, started_at, ended_at
    FROM imports;
DROP TABLE imports;
ALTER TABLE customers_imports RENAME TO imports;
CREATE INDEX imports_by_customer ON imports (customer_id, started_at);
CREATE INDEX imports_by_id ON imports (import_id);
