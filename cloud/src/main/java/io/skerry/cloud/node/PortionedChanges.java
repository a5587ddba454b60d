package io.skerry.cloud.node;

import io.skerry.cloud.storage.Storage;
import io.skerry.spec.ProblemException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has many nodes seen to in portions: a change that concerns a large fleet would otherwise hold up all other writes for minutes, or on
 * PostgreSQL come into their way again and again. A few nodes are seen to within the change; of many it is kept that they have to be, and
 * each portion is a transaction of its own after it. What a process leaves when it ends is gone on with by the next one, or another.
 */
public final class PortionedChanges implements WorkloadChanges {
    private static final Logger LOG = LoggerFactory.getLogger(PortionedChanges.class);

    /** Some tenths of a second for one transaction; and below SQLite's and PostgreSQL's limits on a statement's parameters. */
    private static final int PORTION = 500;

    private final Storage storage;
    private final WorkloadChanges each;
    private final Executor threads;
    private final int portion;
    private final ReentrantLock finishing = new ReentrantLock();

    /**
     * @param each sees to nodes within the transaction that it is called in
     * @param threads what is left after a change is done on
     */
    public PortionedChanges(Storage storage, WorkloadChanges each, Executor threads) {
        this(storage, each, threads, PORTION);
    }

    PortionedChanges(Storage storage, WorkloadChanges each, Executor threads, int portion) {
        this.storage = storage;
        this.each = each;
        this.threads = threads;
        this.portion = portion;
    }

    @Override
    public void refresh(Handle h, Collection<String> nodeIds) {
        List<String> all = List.copyOf(new LinkedHashSet<>(nodeIds));
        if (all.size() <= portion) {
            each.refresh(h, all);
            return;
        }
        for (int from = 0; from < all.size(); from += portion) {
            var rows = h.prepareBatch("INSERT INTO nodes_to_refresh (node_id) VALUES (:id) ON CONFLICT DO NOTHING");
            all.subList(from, Math.min(all.size(), from + portion))
                    .forEach(id -> rows.bind("id", id).add());
            rows.execute();
        }
        storage.afterCommit(() -> threads.execute(this::finish));
    }

    /**
     * Sees to all nodes that are left, whoever left them; returns when that is done. What can't be done now is logged and done by a later
     * call: one is to be made now and then. Not to be called within a write.
     */
    public void finish() {
        finishing.lock();
        try {
            List<String> some = next("");
            while (!some.isEmpty()) {
                see(some);
                some = next(some.getLast());
            }
        } catch (RuntimeException e) {
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
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.debug("A portion of devices couldn't be seen to together.", e);
            some.forEach(this::seeAlone);
        }
    }

    /** A node that can't be seen to keeps no other from it. */
    private void seeAlone(String nodeId) {
        try {
            seeTogether(List.of(nodeId));
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("What the node {} is to run couldn't be worked out; it is tried again in a minute.", nodeId, e);
        }
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
