package io.skerry.cloud.node;

import io.skerry.cloud.storage.Storage;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Tells the other processes on the database which devices are at this one, and reads which are at them. For one thread. */
public final class SharedPresence {
    private final Storage storage;
    private final Presence presence;
    private final String self;
    private Set<String> told = Set.of();

    /** @param self this process's id among the replicas */
    public SharedPresence(Storage storage, Presence presence, String self) {
        this.storage = storage;
        this.presence = presence;
        this.self = self;
    }

    /**
     * Writes who has come and who has gone since the last time.
     *
     * @param anew whether the others may have forgotten what was told before
     */
    public void tell(Handle h, boolean anew) {
        Set<String> here = presence.here();
        Set<String> before = anew ? Set.of() : told;
        if (anew) {
            h.execute("DELETE FROM presences WHERE replica_id = ?", self);
        }
        batch(h, "DELETE FROM presences WHERE node_id = ? AND replica_id = ?", before, here);
        batch(h, "INSERT INTO presences (node_id, replica_id) VALUES (?, ?) ON CONFLICT DO NOTHING", here, before);
        storage.afterCommit(() -> told = here);
    }

    private void batch(Handle h, String statement, Set<String> nodes, Set<String> but) {
        try (PreparedBatch batch = h.prepareBatch(statement)) {
            nodes.stream().filter(n -> !but.contains(n)).forEach(n -> batch.add(n, self));
            if (batch.size() > 0) {
                batch.execute();
            }
        }
    }

    /** Reads which devices are at other processes that are alive. */
    public void look() {
        presence.elsewhere(storage.read(h -> h.createQuery("SELECT node_id FROM presences"
                        + " WHERE replica_id IN (SELECT replica_id FROM replicas WHERE replica_id <> :self"
                        + " AND alive_until > " + storage.clock() + ")")
                .bind("self", self)
                .mapTo(String.class)
                .set()));
    }
}
