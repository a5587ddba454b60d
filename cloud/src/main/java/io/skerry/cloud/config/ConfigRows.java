package io.skerry.cloud.config;

import io.skerry.spec.Digest;
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

/** The configuration files of instances, within a piece of work. */
public final class ConfigRows {
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

    /** What one file says; nothing when the instance has none at this path. */
    public Optional<byte[]> content(Handle h, String instanceId, String path) {
        return h.createQuery("SELECT content FROM instance_files WHERE instance_id = :id AND path = :path")
                .bind("id", instanceId)
                .bind("path", path)
                .mapTo(String.class)
                .findOne()
                .map(kept -> keys.open(kept, place(instanceId, path)));
    }

    /** What those files on a node say that are wanted. */
    public Map<Digest, byte[]> contents(Handle h, String nodeId, Set<Digest> wanted) {
        Map<Digest, byte[]> contents = new HashMap<>();
        if (!wanted.isEmpty()) {
            h.createQuery("SELECT f.instance_id, f.path, f.digest, f.content FROM instance_files f"
                            + " JOIN instances i ON i.instance_id = f.instance_id WHERE i.node_id = :node"
                            + " AND f.digest IN (<digests>)")
                    .bind("node", nodeId)
                    .bindList("digests", wanted.stream().map(Digest::value).toList())
                    .map((rs, c) -> Map.entry(
                            new Digest(rs.getString("digest")),
                            keys.open(
                                    rs.getString("content"), place(rs.getString("instance_id"), rs.getString("path")))))
                    .forEach(e -> contents.put(e.getKey(), e.getValue()));
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
                .bind("content", keys.seal(set.content(), place(instanceId, file.path())))
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

    private static String place(String instanceId, String path) {
        return "instance " + instanceId + " " + path;
    }

    private static ConfigFile file(ResultSet rs) throws SQLException {
        return new ConfigFile(
                rs.getString("path"), rs.getInt("mode"), new Digest(rs.getString("digest")), rs.getInt("size"));
    }
}
