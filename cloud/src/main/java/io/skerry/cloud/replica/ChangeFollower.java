package io.skerry.cloud.replica;

import io.skerry.cloud.storage.Storage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Reads what the other replicas did. Nothing is missed: each replica's changes are numbered in the order in which they were
 * kept. One that couldn't read for so long that changes may have been removed meanwhile is told to look at everything anew.
 *
 * <p>For one thread.
 */
public final class ChangeFollower {
    /** How often to look. */
    public static final Duration EVERY = Duration.ofMillis(200);

    private static final int PAGE = 2_000;

    private final Storage storage;
    private final String self;
    /** By replica: up to which number everything was heard. */
    private final Map<String, Long> heard = new HashMap<>();

    private long lookedAt;

    /** Hears what comes from now on: whatever was kept before is to be read from the database after this. */
    public ChangeFollower(Storage storage, String self) {
        this.storage = storage;
        this.self = self;
        storage.read(this::begin).run();
    }

    private Runnable begin(Handle h) {
        long now = now(h);
        Map<String, Long> last = h
                .createQuery("SELECT replica_id, max(number) FROM changes GROUP BY replica_id")
                .map((rs, c) -> Map.entry(rs.getString(1), rs.getLong(2)))
                .stream()
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return () -> {
            lookedAt = now;
            heard.clear();
            heard.putAll(last);
        };
    }

    /**
     * Looks once.
     *
     * @param audience told of what is new
     * @throws io.skerry.spec.ProblemException {@code storage.unavailable}; what was missed is heard the next time
     */
    public void look(Audience audience) {
        Found found = storage.read(this::find);
        if (found.now - lookedAt > ChangeLog.KEPT.toMillis() / 2) {
            Runnable anew = storage.read(this::begin);
            // First: when it fails, it is to be done again.
            audience.missed();
            anew.run();
            return;
        }
        if (found.changes.stream().anyMatch(c -> c.row.change().isEmpty())) {
            audience.missed();
        }
        for (Numbered change : found.changes) {
            change.row.change().ifPresent(audience::heard);
            heard.put(change.replicaId, change.number);
        }
        lookedAt = found.now;
    }

    private Found find(Handle h) {
        var changes = new ArrayList<Numbered>();
        List<String> others = h.createQuery("SELECT replica_id FROM replicas WHERE replica_id <> :self")
                .bind("self", self)
                .mapTo(String.class)
                .list();
        for (String replica : others) {
            h.createQuery("SELECT number, kind, subject, detail FROM changes"
                            + " WHERE replica_id = :replica AND number > :heard ORDER BY number LIMIT " + PAGE)
                    .bind("replica", replica)
                    .bind("heard", heard.getOrDefault(replica, 0L))
                    .map((rs, c) -> new Numbered(
                            replica,
                            rs.getLong(1),
                            new FleetChange.Row(rs.getString(2), rs.getString(3), rs.getString(4))))
                    .forEach(changes::add);
        }
        return new Found(now(h), changes);
    }

    private long now(Handle h) {
        return h.createQuery("SELECT " + storage.clock()).mapTo(Long.class).one();
    }

    private record Found(long now, List<Numbered> changes) {}

    private record Numbered(String replicaId, long number, FleetChange.Row row) {}

    /** Who keeps in memory what the others change. Called on the follower's thread. */
    public interface Audience {
        /** Another replica did this; perhaps it was heard of already. */
        void heard(FleetChange change);

        /** Changes may have been missed: all is to be read anew. */
        void missed();
    }
}
