package io.skerry.cloud.graphql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The devices that one call's answer is about, and whether it is the last one, gathered while it is made. */
record Watched(Set<String> nodeIds, AtomicBoolean last) {
    Watched() {
        this(ConcurrentHashMap.newKeySet(), new AtomicBoolean());
    }

    void add(String nodeId) {
        nodeIds.add(nodeId);
    }

    /** What the answer is about has come to its end. */
    void ends() {
        last.set(true);
    }

    boolean isOver() {
        return last.get();
    }
}
