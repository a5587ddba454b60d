package io.skerry.cloud.node;

import io.skerry.cloud.storage.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** All enrolled devices' keys in memory, so that a poll is authenticated without the database. */
public final class Identities {
    private final Map<String, NodeIdentity> byFingerprint = new ConcurrentHashMap<>();

    private final Storage storage;

    public Identities(Storage storage) {
        this.storage = storage;
        byFingerprint.putAll(stored());
    }

    private Map<String, NodeIdentity> stored() {
        return storage.read(h -> h
                .createQuery("SELECT key_fingerprint, node_id, customer_id FROM nodes")
                .map((rs, c) -> Map.entry(
                        rs.getString("key_fingerprint"),
                        new NodeIdentity(rs.getString("node_id"), rs.getString("customer_id"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Another process enrolled or removed the device with this key. */
    public void reload(String fingerprint) {
        Optional<NodeIdentity> stands = stored(fingerprint);
        stands.ifPresentOrElse(node -> added(fingerprint, node), () -> removed(fingerprint));
        // It may have been removed here between the look and its consequence.
        if (stands.isPresent() && stored(fingerprint).isEmpty()) {
            removed(fingerprint);
        }
    }

    private Optional<NodeIdentity> stored(String fingerprint) {
        return storage.read(h -> h.createQuery("SELECT node_id, customer_id FROM nodes WHERE key_fingerprint = :key")
                .bind("key", fingerprint)
                .map((rs, c) -> new NodeIdentity(rs.getString("node_id"), rs.getString("customer_id")))
                .findOne());
    }

    /** Other processes may have enrolled and removed any devices; gives the ids of those that are gone. */
    public Set<String> reload() {
        byFingerprint.putAll(stored());
        Map<String, NodeIdentity> stored = stored();
        var gone = new HashSet<String>();
        for (String fingerprint : List.copyOf(byFingerprint.keySet())) {
            // One that was enrolled here meanwhile isn't among them, and stands.
            if (!stored.containsKey(fingerprint)) {
                NodeIdentity node = byFingerprint.get(fingerprint);
                reload(fingerprint);
                if (node != null && !byFingerprint.containsKey(fingerprint)) {
                    gone.add(node.nodeId());
                }
            }
        }
        return gone;
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
