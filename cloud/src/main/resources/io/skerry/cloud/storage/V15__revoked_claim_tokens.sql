-- revoked_at: when somebody ended it, so that its device is told that rather than that there is none; null: nobody did.
ALTER TABLE claim_tokens ADD COLUMN revoked_at BIGINT;
CREATE INDEX claim_tokens_by_customer ON claim_tokens (customer_id, created_at, secret_hash);
