package io.skerry.cloud.node;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells those who look on that a device said something new, to this process or to another one on the database. What changes
 * without the device isn't told: who looks on looks again now and then. Safe for use by several threads.
 */
public final class NodeWatch {
    private final Map<String, Set<Runnable>> watching = new ConcurrentHashMap<>();

    /**
     * Calls {@code wake} after each change from now on, on whatever thread brought it; it must be quick.
     *
     * @return stops that
     */
    public Watching watch(String nodeId, Runnable wake) {
        watching.compute(nodeId, (n, wakes) -> {
            Set<Runnable> all = wakes == null ? ConcurrentHashMap.newKeySet() : wakes;
            all.add(wake);
            return all;
        });
        return () -> watching.computeIfPresent(nodeId, (n, wakes) -> {
            wakes.remove(wake);
            return wakes.isEmpty() ? null : wakes;
        });
    }

    /** The device said something new. */
    public void changed(String nodeId) {
        watching.getOrDefault(nodeId, Set.of()).forEach(Runnable::run);
    }

    /** One that looks on, until it is closed. */
    @FunctionalInterface
    public interface Watching extends AutoCloseable {
        @Override
        void close();
    }
}
