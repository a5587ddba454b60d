-- Since when a member's device is expected to be at it; null: it isn't told yet, waits for a window or is done.
ALTER TABLE rollout_members ADD COLUMN awaited_since BIGINT;
