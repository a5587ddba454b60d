package io.skerry.cloud.replica;

import io.skerry.cloud.storage.Storage;
import java.time.Duration;
import java.util.Optional;

/** Which work this process may do. */
public final class Leases {
    private final Optional<Shared> shared;

    private Leases(Optional<Shared> shared) {
        this.shared = shared;
    }

    /** Of a process that has the database for itself: all of it. */
    public static Leases alone() {
        return new Leases(Optional.empty());
    }

    /** Of one among several. */
    public static Leases of(Storage storage, String replicaId) {
        return new Leases(Optional.of(new Shared(storage, replicaId)));
    }

    /** Takes work, or goes on with it, for so long; false while another one has it. */
    public boolean hold(String work, Duration length) {
        return shared.map(s -> s.hold(work, length)).orElse(true);
    }

    /** Lets others have it at once. */
    public void release(String work) {
        shared.ifPresent(s -> s.release(work));
    }

    /** Whether another one does this work now. */
    public boolean isElsewhere(String work) {
        return shared.map(s -> s.heldByOther(work)).orElse(false);
    }

    private record Shared(Storage storage, String replicaId) {
        boolean hold(String work, Duration length) {
            return !heldByOther(work) && take(work, length);
        }

        /** Whoever only looks comes into nobody's way. */
        boolean heldByOther(String work) {
            return storage.read(h -> h.createQuery("SELECT 1 FROM leases WHERE name = :work AND replica_id <> :self"
                            + " AND held_until >= " + storage.clock())
                    .bind("work", work)
                    .bind("self", replicaId)
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent());
        }

        void release(String work) {
            storage.write(h -> h.execute("DELETE FROM leases WHERE name = ? AND replica_id = ?", work, replicaId));
        }

        private boolean take(String work, Duration length) {
            return storage.write(h -> h.createUpdate("INSERT INTO leases (name, replica_id, held_until)"
                                    + " VALUES (:work, :self, " + storage.clock() + " + :length)"
                                    + " ON CONFLICT (name) DO UPDATE"
                                    + " SET replica_id = excluded.replica_id, held_until = excluded.held_until"
                                    + " WHERE leases.replica_id = excluded.replica_id"
                                    + " OR leases.held_until < " + storage.clock())
                            .bind("work", work)
                            .bind("self", replicaId)
                            .bind("length", length.toMillis())
                            .execute()
                    == 1);
        }
    }
}
