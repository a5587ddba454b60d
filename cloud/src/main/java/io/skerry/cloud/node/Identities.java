package io.skerry.cloud.node;

import io.skerry.cloud.storage.Storage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All enrolled devices' keys in memory, so that a poll is authenticated without the database. */
public final class Identities {
    private final Map<String, NodeIdentity> byFingerprint = new ConcurrentHashMap<>();

    public Identities(Storage storage) {
        storage.read(h -> h.createQuery("SELECT key_fingerprint, node_id, customer_id FROM nodes")
                        .map((rs, c) -> Map.entry(
                                rs.getString("key_fingerprint"),
                                new NodeIdentity(rs.getString("node_id"), rs.getString("customer_id"))))
                        .list())
                .forEach(e -> byFingerprint.put(e.getKey(), e.getValue()));
    }

    /** The device that enrolled with the key of this fingerprint (64 hex digits) and wasn't removed. */
    public Optional<NodeIdentity> byKey(String fingerprint) {
        return Optional.ofNullable(byFingerprint.get(fingerprint));
    }

    /** How many devices are enrolled. */
    public int count() {
        return byFingerprint.size();
    }

    void added(String fingerprint, NodeIdentity node) {
        byFingerprint.put(fingerprint, node);
    }

    void removed(String fingerprint) {
        byFingerprint.remove(fingerprint);
    }
}
