-- Who may log in as a person that an OpenID provider vouches for, and as what. customer_id: null: to the whole installation. claim: email
-- (kept in small letters), sub or group.
CREATE TABLE login_rules (
    login_rule_id TEXT PRIMARY KEY,
    customer_id   TEXT REFERENCES customers (customer_id),
    claim         TEXT NOT NULL,
    value         TEXT NOT NULL,
    role          TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX login_rules_by_claim ON login_rules (claim, value);
CREATE INDEX login_rules_by_customer ON login_rules (customer_id, login_rule_id);

-- Keys that a login made: by which rule, no reference, so that they stay in the list when the rule is gone; and for whom, by the
-- provider's subject.
ALTER TABLE api_keys ADD COLUMN login_rule_id TEXT;
ALTER TABLE api_keys ADD COLUMN login_subject TEXT;
CREATE INDEX api_keys_by_login_rule ON api_keys (login_rule_id);
CREATE INDEX api_keys_by_login_subject ON api_keys (login_subject);

-- Logins that are over but for the program that began them, which fetches what came of them once, within a minute. challenge: base64url of
-- the SHA-256 of what that program alone knows. person: JSON, who logged in; problem: JSON, why nobody did; one of both is null.
CREATE TABLE login_codes (
    code_hash  TEXT PRIMARY KEY,
    challenge  TEXT NOT NULL,
    customer   TEXT,
    person     TEXT,
    problem    TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_codes_by_time ON login_codes (expires_at);
