package io.skerry.cloud.replica;

import io.skerry.cloud.storage.Storage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/** What this process tells the others of its own changes. */
public final class ChangeLog {
    /** Long enough that whoever hasn't read a change by then has read nothing at all for a while, and knows it. */
    static final Duration KEPT = Duration.ofMinutes(10);

    private final Optional<Sender> sender;

    private ChangeLog(Optional<Sender> sender) {
        this.sender = sender;
    }

    /** Of a process that has the database for itself: nobody is to be told. */
    public static ChangeLog alone() {
        return new ChangeLog(Optional.empty());
    }

    /** Of one among several. */
    public static ChangeLog of(Storage storage, String replicaId) {
        return new ChangeLog(Optional.of(new Sender(storage, replicaId, new AtomicLong())));
    }

    /** Within the work that does it: the others hear of it as soon as it is kept, and only then. */
    public void note(Handle h, FleetChange change) {
        sender.ifPresent(s -> s.note(h, change.row()));
    }

    /** Forgets what all have read. */
    public void forgetOld(Handle h) {
        sender.ifPresent(s -> s.forgetOld(h));
    }

    /** @param last the last number given; one that was given within work that was undone is never seen */
    private record Sender(Storage storage, String replicaId, AtomicLong last) {
        void note(Handle h, FleetChange.Row row) {
            h.createUpdate("INSERT INTO changes (replica_id, number, kind, subject, detail, noted_at)"
                            + " VALUES (:replica, :number, :kind, :subject, :detail, " + storage.clock() + ")")
                    .bind("replica", replicaId)
                    .bind("number", last.incrementAndGet())
                    .bind("kind", row.kind())
                    .bind("subject", row.subject())
                    .bind("detail", row.detail())
                    .execute();
        }

        void forgetOld(Handle h) {
            h.execute(
                    "DELETE FROM changes WHERE replica_id = ? AND noted_at < " + storage.clock() + " - ?",
                    replicaId,
                    KEPT.toMillis());
        }
    }
}
