-- What happened to one instance is asked for by itself, also when it is gone.
CREATE INDEX events_by_instance ON events (instance_id, event_id);
