package io.skerry.cloud.graphql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The devices that one call's answer is about, gathered while it is made. */
record Watched(Set<String> nodeIds) {
    Watched() {
        this(ConcurrentHashMap.newKeySet());
    }

    void add(String nodeId) {
        nodeIds.add(nodeId);
    }
}
