-- Which versions that its device can't have were told as events: JSON, by the instance's id the version and the reason's code.
ALTER TABLE desired_states ADD COLUMN refusals_told TEXT NOT NULL DEFAULT '{}';
