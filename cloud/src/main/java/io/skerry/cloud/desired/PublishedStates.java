package io.skerry.cloud.desired;

import io.skerry.spec.desired.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where each node's desired state stands, and who waits for the next one. In memory: an unchanged poll is answered from
 * here.
 *
 * <p>No wake-up is lost: whoever waits names the position that it knows, and is woken at once when there is another already.
 */
public final class PublishedStates {
    /** A device has one poll open, or a few when it lost connections; whoever opens more gains nothing by it. */
    private static final int MOST_WAITERS = 8;

    private final Map<String, Entry> nodes = new ConcurrentHashMap<>();

    /** Where the node's desired state stands; nothing when there is no such node. */
    public Optional<Position> position(String nodeId) {
        return Optional.ofNullable(nodes.get(nodeId)).map(Entry::position);
    }

    /**
     * Calls {@code wake} once, as soon as the node's desired state isn't at {@code known} (perhaps before this returns, and
     * on whatever thread brought the change), the node is removed, or too many others came to wait for it; it must be quick. Not called any more after
     * {@link Waiter#cancel} has returned true.
     */
    public Waiter await(String nodeId, Position known, Runnable wake) {
        var waiter = new Waiter(nodeId, wake);
        boolean[] waits = new boolean[1];
        List<Waiter> drivenOut = new ArrayList<>();
        nodes.computeIfPresent(nodeId, (n, entry) -> {
            if (!entry.position.equals(known)) {
                return entry;
            }
            waits[0] = true;
            if (entry.waiters.size() >= MOST_WAITERS) {
                drivenOut.add(entry.waiters.getFirst());
            }
            return entry.with(waiter);
        });
        drivenOut.forEach(Waiter::fire);
        if (!waits[0]) {
            waiter.fire();
        }
        return waiter;
    }

    /** There is a newer one, on the disk already. An older one than the last is passed over. */
    public void publish(String nodeId, Position position) {
        List<Waiter> woken = new ArrayList<>();
        nodes.compute(nodeId, (n, entry) -> {
            if (entry != null && entry.position.compareTo(position) >= 0) {
                return entry;
            }
            if (entry != null) {
                woken.addAll(entry.waiters);
            }
            return new Entry(position, List.of());
        });
        woken.forEach(Waiter::fire);
    }

    /** The node is gone. */
    public void remove(String nodeId) {
        @Nullable Entry entry = nodes.remove(nodeId);
        if (entry != null) {
            entry.waiters.forEach(Waiter::fire);
        }
    }

    /** Waiters in the order in which they came. */
    private record Entry(Position position, List<Waiter> waiters) {
        Entry with(Waiter waiter) {
            var more = new ArrayList<>(waiters);
            if (more.size() >= MOST_WAITERS) {
                more.removeFirst();
            }
            more.add(waiter);
            return new Entry(position, more);
        }

        Entry without(Waiter waiter) {
            return new Entry(
                    position, waiters.stream().filter(w -> !w.equals(waiter)).toList());
        }
    }

    /** One that waits. */
    public final class Waiter {
        private final String nodeId;
        private final Runnable wake;
        private final AtomicBoolean done = new AtomicBoolean();

        private Waiter(String nodeId, Runnable wake) {
            this.nodeId = nodeId;
            this.wake = wake;
        }

        private void fire() {
            if (done.compareAndSet(false, true)) {
                wake.run();
            }
        }

        /** Stops waiting; false when the wake-up came first. */
        public boolean cancel() {
            boolean first = done.compareAndSet(false, true);
            if (first) {
                nodes.computeIfPresent(nodeId, (n, entry) -> entry.without(this));
            }
            return first;
        }
    }
}
