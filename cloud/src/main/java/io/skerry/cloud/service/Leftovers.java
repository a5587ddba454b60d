package io.skerry.cloud.service;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.desired.Documents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content that no version reaches and no device is told of: left by imports that failed, and by versions that were removed. It stays for {@link #KEPT}, so that
 * the same import, tried again, goes on from it.
 */
public final class Leftovers {
    static final Duration KEPT = Duration.ofDays(1);
    private static final String REMOVING = "remove leftovers";
    /** How long others' imports may have to wait. Half of it is for removing, the other half for the call that is the last. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Storage storage;
    private final Blobs blobs;
    private final String installation;
    private final InstantSource time;
    private final Leases leases;
    /** Read: an import counts on what it has found in the store. Write: something is removed. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** @param installation whose content it is, for {@link Blobs#claim} */
    public Leftovers(Storage storage, Blobs blobs, String installation, InstantSource time, Leases leases) {
        this.storage = storage;
        this.blobs = blobs;
        this.installation = installation;
        this.time = time;
        this.leases = leases;
    }

    /** Held by an import from before it looks into the store until its version is recorded: nothing is removed then. */
    Lock counting() {
        return lock.readLock();
    }

    /** Whether another process removes something now: then an import waits before it looks into the store. */
    boolean areRemovedElsewhere() {
        return leases.isElsewhere(REMOVING);
    }

    /** Removes what is older than {@link #KEPT}, unless an import runs. Meant to be called now and then. */
    public void remove() {
        if (!lock.writeLock().tryLock()) {
            return;
        }
        try {
            // An import's row stands before it looks whether this is held; one of the two sees the other.
            if (leases.hold(REMOVING, LONGEST) && !importsRun()) {
                removeNow(time.instant().minus(KEPT), System.nanoTime() + LONGEST.toNanos() / 2);
            }
        } finally {
            try {
                leases.release(REMOVING);
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    private boolean importsRun() {
        return storage.read(h -> h.createQuery("SELECT count(*) FROM imports WHERE state = :running")
                        .bind("running", ImportView.State.RUNNING.word())
                        .mapTo(Long.class)
                        .one())
                > 0;
    }

    /** @param until by {@link System#nanoTime}: what is left then is removed the next time */
    private void removeNow(Instant before, long until) {
        // Once more: a storage that couldn't be reached at the start may have been another one's since.
        blobs.claim(installation);
        forgetManifests();
        storage.write(h -> {
            CustomerBlobs.forget(h, before);
            return h;
        });
        Set<String> reached = storage.read(h -> h.createQuery("SELECT DISTINCT blob_digest FROM manifest_blobs")
                .mapTo(String.class)
                .set());
        long removed = blobs.stored()
                .takeWhile(blob -> System.nanoTime() - until < 0)
                .filter(blob -> !reached.contains(blob.digest().value()))
                .filter(blob -> blob.writtenAt().isBefore(before))
                .peek(blob -> blobs.delete(blob.digest()))
                .count();
        if (removed > 0) {
            LOG.info("{} blobs that nothing reaches were removed.", removed);
        }
        blobs.forgetUnfinished(before);
    }

    /** Of removed versions, once no device is told to run them, was before, or runs them. */
    private void forgetManifests() {
        Set<String> unused = storage.read(h -> {
            Set<String> all = h.createQuery("SELECT DISTINCT manifest_digest FROM manifest_blobs WHERE manifest_digest"
                            + " NOT IN (SELECT manifest_digest FROM service_images)")
                    .mapTo(String.class)
                    .set();
            if (!all.isEmpty()) {
                h.createQuery("SELECT workload, previous_workload, running_workload FROM desired_states")
                        .map((rs, c) -> Stream.of(
                                rs.getString("workload"),
                                rs.getString("previous_workload"),
                                rs.getString("running_workload")))
                        .forEach(told -> told.filter(Objects::nonNull)
                                .forEach(w -> Documents.WORKLOAD
                                        .fromJson(w)
                                        .containers()
                                        .values()
                                        .forEach(container -> all.remove(
                                                container.image().manifest().value()))));
            }
            return all;
        });
        unused.forEach(manifest -> storage.write(h -> h.execute(
                "DELETE FROM manifest_blobs WHERE manifest_digest = ?"
                        + " AND manifest_digest NOT IN (SELECT manifest_digest FROM service_images)",
                manifest)));
    }
}
