package io.skerry.cloud.config;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.ConfigFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration files of instances, within a piece of work. */
public final class ConfigRows {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigRows.class);

    private final SealingKeys keys;

    public ConfigRows(SealingKeys keys) {
        this.keys = keys;
    }

    /** The files of all instances on these nodes, by instance id. */
    public static Map<String, List<ConfigFile>> onNodes(Handle h, Collection<String> nodeIds) {
        Map<String, List<ConfigFile>> files = new HashMap<>();
        h.createQuery("SELECT f.instance_id, f.path, f.mode, f.digest, f.size FROM instance_files f"
                        + " JOIN instances i ON i.instance_id = f.instance_id WHERE i.node_id IN (<nodes>)")
                .bindList("nodes", List.copyOf(nodeIds))
                .map((rs, c) -> Map.entry(rs.getString("instance_id"), file(rs)))
                .forEach(e -> files.computeIfAbsent(e.getKey(), i -> new ArrayList<>())
                        .add(e.getValue()));
        return files;
    }

    /** The files of one instance, by path. */
    public static List<StoredFile> of(Handle h, String instanceId) {
        return h.createQuery("SELECT path, mode, digest, size, secret, changed_at FROM instance_files"
                        + " WHERE instance_id = :id ORDER BY path")
                .bind("id", instanceId)
                .map((rs, c) -> new StoredFile(file(rs), rs.getInt("secret") == 1, rs.getLong("changed_at")))
                .list();
    }

    /** How many bytes all files on a node have. */
    public static long bytesOn(Handle h, String nodeId) {
        return h.createQuery("SELECT COALESCE(SUM(f.size), 0) FROM instance_files f"
                        + " JOIN instances i ON i.instance_id = f.instance_id WHERE i.node_id = :node")
                .bind("node", nodeId)
                .mapTo(Long.class)
                .one();
    }

    /** Whether any instance has a file. */
    public static boolean any(Handle h) {
        return h.createQuery("SELECT count(*) FROM instance_files")
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** What one file says; nothing when the instance has none at this path. */
    public Optional<byte[]> content(Handle h, String instanceId, String path) {
        return h.createQuery("SELECT secret, content FROM instance_files WHERE instance_id = :id AND path = :path")
                .bind("id", instanceId)
                .bind("path", path)
                .map((rs, c) -> new Sealed(instanceId, path, rs.getInt("secret") == 1, rs.getString("content")))
                .findOne()
                .map(this::opened);
    }

    /**
     * What those files on a node say that are wanted. One that doesn't open is left out, for it is no reason to tell the node
     * nothing more: its device has kept what it was told before, and says so when it hasn't.
     */
    public Map<Digest, byte[]> contents(Handle h, String nodeId, Set<Digest> wanted) {
        Map<Digest, byte[]> contents = new HashMap<>();
        if (!wanted.isEmpty()) {
            h.createQuery("SELECT f.instance_id, f.path, f.secret, f.digest, f.content FROM instance_files f"
                            + " JOIN instances i ON i.instance_id = f.instance_id WHERE i.node_id = :node"
                            + " AND f.digest IN (<digests>)")
                    .bind("node", nodeId)
                    .bindList("digests", wanted.stream().map(Digest::value).toList())
                    .map((rs, c) -> Map.entry(
                            new Digest(rs.getString("digest")),
                            new Sealed(
                                    rs.getString("instance_id"),
                                    rs.getString("path"),
                                    rs.getInt("secret") == 1,
                                    rs.getString("content"))))
                    .forEach(e -> openable(e.getValue()).ifPresent(clear -> contents.put(e.getKey(), clear)));
        }
        return contents;
    }

    /** Sets a file, in place of the one at its path. */
    public void put(Handle h, String instanceId, NewFile set, long now) {
        ConfigFile file = set.file();
        h.createUpdate("INSERT INTO instance_files (instance_id, path, mode, secret, digest, size, content, changed_at)"
                        + " VALUES (:id, :path, :mode, :secret, :digest, :size, :content, :now)"
                        + " ON CONFLICT (instance_id, path) DO UPDATE SET mode = excluded.mode,"
                        + " secret = excluded.secret, digest = excluded.digest, size = excluded.size,"
                        + " content = excluded.content, changed_at = excluded.changed_at")
                .bind("id", instanceId)
                .bind("path", file.path())
                .bind("mode", file.mode())
                .bind("secret", set.secret() ? 1 : 0)
                .bind("digest", file.digest().value())
                .bind("size", file.size())
                .bind("content", keys.seal(set.content(), place(instanceId, file.path(), set.secret())))
                .bind("now", now)
                .execute();
    }

    /** Removes these files of an instance. */
    public static void remove(Handle h, String instanceId, Collection<String> paths) {
        h.createUpdate("DELETE FROM instance_files WHERE instance_id = :id AND path IN (<paths>)")
                .bind("id", instanceId)
                .bindList("paths", List.copyOf(paths))
                .execute();
    }

    /** Seals a document that has contents in it, for its node alone. */
    public String sealed(byte[] document, String nodeId) {
        return keys.seal(document, "node " + nodeId);
    }

    /** Opens what was {@link #sealed}. */
    public byte[] opened(String document, String nodeId) {
        return keys.open(document, "node " + nodeId);
    }

    private Optional<byte[]> openable(Sealed kept) {
        try {
            return Optional.of(opened(kept));
        } catch (ProblemException e) {
            LOG.warn("file {} of instance {} isn't told: {}", kept.path, kept.instanceId, e.getMessage());
            return Optional.empty();
        }
    }

    private byte[] opened(Sealed kept) {
        return keys.open(kept.content, place(kept.instanceId, kept.path, kept.secret));
    }

    /** Whoever can write to the database can't have a secret shown by calling it none. */
    private static String place(String instanceId, String path, boolean secret) {
        return (secret ? "secret of " : "instance ") + instanceId + " " + path;
    }

    private record Sealed(String instanceId, String path, boolean secret, String content) {}

    private static ConfigFile file(ResultSet rs) throws SQLException {
        return new ConfigFile(
                rs.getString("path"), rs.getInt("mode"), new Digest(rs.getString("digest")), rs.getInt("size"));
    }
}
