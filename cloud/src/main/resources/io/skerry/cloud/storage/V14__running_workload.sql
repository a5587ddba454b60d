-- Of what a node was told earlier than workload and previous_workload: what it said that it runs when it was told something else,
-- for it had gone back to that. It may still read it. Null: nothing.
ALTER TABLE desired_states ADD COLUMN running_workload TEXT;
