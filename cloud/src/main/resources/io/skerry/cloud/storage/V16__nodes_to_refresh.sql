-- Nodes for which what they are to run has to be worked out anew: a change that concerns more of them than one transaction should hold
-- notes them here, and they are seen to in portions after it.
CREATE TABLE nodes_to_refresh (
    node_id TEXT NOT NULL PRIMARY KEY
);
