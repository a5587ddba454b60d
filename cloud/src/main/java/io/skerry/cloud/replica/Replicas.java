package io.skerry.cloud.replica;

import io.skerry.cloud.storage.Storage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Who is alive. */
public final class Replicas {
    /** How often each says that it lives. */
    public static final Duration BEAT = Duration.ofSeconds(5);

    /** Without a word for so long it counts as dead, until it speaks again. */
    static final Duration ALIVE = Duration.ofSeconds(20);

    /** What a dead one left is removed after so long. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    private final Storage storage;
    private final String self;

    /** @param self this one's id, made anew at each start */
    public Replicas(Storage storage, String self) {
        this.storage = storage;
        this.self = self;
    }

    public String self() {
        return self;
    }

    /**
     * Says that this one lives; false when the others didn't know it, at first or because they have forgotten it.
     *
     * @param address where they reach its devices' port, {@code host:port}
     */
    public boolean beat(Handle h, String address) {
        int known = h.execute(
                "UPDATE replicas SET address = ?, alive_until = " + storage.clock() + " + ? WHERE replica_id = ?",
                address,
                ALIVE.toMillis(),
                self);
        if (known == 0) {
            h.execute(
                    "INSERT INTO replicas (replica_id, address, alive_until) VALUES (?, ?, " + storage.clock()
                            + " + ?)",
                    self,
                    address,
                    ALIVE.toMillis());
        }
        return known > 0;
    }

    /** The others that are alive. */
    public List<Replica> others(Handle h) {
        return h.createQuery("SELECT replica_id, address FROM replicas WHERE replica_id <> :self AND alive_until > "
                        + storage.clock() + " ORDER BY replica_id")
                .bind("self", self)
                .map((rs, c) -> new Replica(rs.getString(1), rs.getString(2)))
                .list();
    }

    /** The ids of all that are alive, this one among them. */
    public Set<String> alive(Handle h) {
        var ids = others(h).stream().map(Replica::id).collect(Collectors.toCollection(HashSet::new));
        ids.add(self);
        return ids;
    }

    /** Another one, if it is alive. */
    public Optional<Replica> other(String replicaId) {
        return storage.read(
                h -> others(h).stream().filter(r -> r.id().equals(replicaId)).findFirst());
    }

    /** Removes what replicas left that died long ago. */
    public void forgetDead() {
        // Looked for beside the writes: whoever reads all rows within one comes into the way of everyone who says that
        // it lives.
        Set<String> dead = storage.read(this::longDead);
        if (!dead.isEmpty()) {
            storage.write(h -> {
                dead.forEach(id -> forget(h, id));
                return dead;
            });
        }
    }

    private Set<String> longDead(Handle h) {
        return h.createQuery("SELECT replica_id FROM replicas WHERE alive_until < " + storage.clock() + " - :kept")
                .bind("kept", REMEMBERED.toMillis())
                .mapTo(String.class)
                .set();
    }

    /** This one ends: the others needn't wait until it counts as dead. */
    public void leave() {
        storage.write(h -> {
            h.execute("DELETE FROM leases WHERE replica_id = ?", self);
            h.execute("DELETE FROM presences WHERE replica_id = ?", self);
            // Its changes stay until they are read; so does the row, for those who read by it.
            return h.execute("UPDATE replicas SET alive_until = " + storage.clock() + " WHERE replica_id = ?", self);
        });
    }

    private void forget(Handle h, String replicaId) {
        int gone = h.execute(
                "DELETE FROM replicas WHERE replica_id = ? AND alive_until < " + storage.clock() + " - ?",
                replicaId,
                REMEMBERED.toMillis());
        // Else it has spoken again meanwhile.
        if (gone > 0) {
            h.execute("DELETE FROM changes WHERE replica_id = ?", replicaId);
            h.execute("DELETE FROM presences WHERE replica_id = ?", replicaId);
        }
    }
}
