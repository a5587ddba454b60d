package io.skerry.cloud.node;

import io.skerry.cloud.storage.Storage;
import io.skerry.spec.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Gatherers;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has many nodes seen to in portions: a change that concerns a large fleet would otherwise hold up all other writes for minutes, or on
 * PostgreSQL come into their way again and again. A few nodes are seen to within the change; of many it is kept that they have to be, and
 * each portion is a transaction of its own after it. What a process leaves when it ends is gone on with by the next one, or another.
 */
public final class PortionedChanges implements WorkloadChanges, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortionedChanges.class);

    private static final Set<String> AWAY = Set.of("storage.unavailable", "storage.outcome-unknown");

    private final Storage storage;
    private final WorkloadChanges each;
    private final Executor threads;
    private final int portion;
    private final ReentrantLock finishing = new ReentrantLock();
    private volatile boolean closed;

    /**
     * @param each sees to nodes within the transaction that it is called in
     * @param threads what is left after a change is done on
     */
    public PortionedChanges(Storage storage, WorkloadChanges each, Executor threads) {
        this(storage, each, threads, Storage.ROWS_AT_ONCE);
    }

    PortionedChanges(Storage storage, WorkloadChanges each, Executor threads, int portion) {
        this.storage = storage;
        this.each = each;
        this.threads = threads;
        this.portion = portion;
    }

    @Override
    public void refresh(Handle h, Collection<String> nodeIds) {
        List<String> all = nodeIds.stream().distinct().toList();
        if (all.size() <= portion) {
            each.refresh(h, all);
            return;
        }
        all.stream().gather(Gatherers.windowFixed(portion)).forEach(some -> {
            // Written anew where it is there: else a process that is seeing to it now would take away what this change
            // is to have.
            var rows = h.prepareBatch("INSERT INTO nodes_to_refresh (node_id) VALUES (:id)"
                    + " ON CONFLICT (node_id) DO UPDATE SET node_id = excluded.node_id");
            some.forEach(id -> rows.bind("id", id).add());
            rows.execute();
        });
        storage.afterCommit(() -> {
            if (!closed) {
                threads.execute(this::finish);
            }
        });
    }

    /**
     * Sees to all nodes that are left, whoever left them; returns when that is done. What can't be done now is logged and done by a later
     * call: one is to be made now and then. Not to be called within a write.
     */
    public void finish() {
        finishing.lock();
        try {
            List<String> some = next("");
            while (!some.isEmpty() && !closed) {
                see(some);
                some = next(some.getLast());
            }
        } catch (RuntimeException e) {
            if (closed) {
                LOG.debug("The rest of the devices is told by another process, or the next one.", e);
                return;
            }
            LOG.warn("What some devices are to run couldn't be worked out; it is tried again in a minute.", e);
        } finally {
            finishing.unlock();
        }
    }

    private List<String> next(String after) {
        return storage.read(h -> h.createQuery(
                        "SELECT node_id FROM nodes_to_refresh WHERE node_id > :after" + " ORDER BY node_id LIMIT :most")
                .bind("after", after)
                .bind("most", portion)
                .mapTo(String.class)
                .list());
    }

    private void see(List<String> some) {
        try {
            seeTogether(some);
        } catch (RuntimeException e) {
            refuseAway(e);
            LOG.debug("A portion of devices couldn't be seen to together.", e);
            some.forEach(this::seeAlone);
        }
    }

    /** A node that can't be seen to keeps no other from it. */
    private void seeAlone(String nodeId) {
        try {
            seeTogether(List.of(nodeId));
        } catch (RuntimeException e) {
            refuseAway(e);
            LOG.error("What the node {} is to run couldn't be worked out; it is tried again in a minute.", nodeId, e);
        }
    }

    /** Nobody can be seen to while the database is away. */
    private void refuseAway(RuntimeException failure) {
        if (closed || (failure instanceof ProblemException problem && AWAY.contains(problem.code()))) {
            throw failure;
        }
    }

    /** What is left, another process goes on with, or the next one. */
    @Override
    public void close() {
        closed = true;
    }

    private void seeTogether(List<String> some) {
        storage.write(h -> {
            each.refresh(h, some);
            return h.createUpdate("DELETE FROM nodes_to_refresh WHERE node_id IN (<ids>)")
                    .bindList("ids", some)
                    .execute();
        });
    }
}
