package io.skerry.cloud.injection;

import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.tenancy.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of injected keys, within a piece of work. */
final class InjectedKeyRows {
    private static final String DUE = "SELECT k.injected_key_id FROM injected_keys k JOIN instances i"
            + " ON i.instance_id = k.instance_id WHERE k.rotate_minutes IS NOT NULL"
            + " AND k.rotated_at + k.rotate_minutes * 60000 <= :now"
            + " AND (i.selector IS NULL OR i.selector <> 'disabled') AND NOT EXISTS"
            + " (SELECT 1 FROM injected_key_turns t WHERE t.injected_key_id = k.injected_key_id"
            + " AND t.good_until IS NOT NULL)"
            // Whoever revoked it wants no other in its place.
            + " AND NOT EXISTS (SELECT 1 FROM injected_key_turns t JOIN api_keys a ON a.api_key_id = t.api_key_id"
            + " WHERE t.injected_key_id = k.injected_key_id AND a.revoked_at IS NOT NULL AND t.good_until IS NULL)";

    private InjectedKeyRows() {}

    static Optional<InjectedKey> find(Handle h, String injectedKeyId) {
        return h.createQuery("SELECT * FROM injected_keys WHERE injected_key_id = :id")
                .bind("id", injectedKeyId)
                .map((rs, c) -> row(rs))
                .findOne();
    }

    /** By their paths. */
    static List<InjectedKey> of(Handle h, String instanceId) {
        return h.createQuery("SELECT * FROM injected_keys WHERE instance_id = :id ORDER BY path")
                .bind("id", instanceId)
                .map((rs, c) -> row(rs))
                .list();
    }

    static void insert(Handle h, InjectedKey key) {
        h.createUpdate(
                        "INSERT INTO injected_keys (injected_key_id, customer_id, instance_id, path, mode, role, node_id,"
                                + " rotate_minutes, overlap_minutes, created_at, rotated_at) VALUES (:id, :customer, :instance,"
                                + " :path, :mode, :role, :node, :every, :overlap, :created, :rotated)")
                .bind("id", key.injectedKeyId())
                .bind("customer", key.customerId())
                .bind("instance", key.instanceId())
                .bind("path", key.path())
                .bind("mode", key.mode())
                .bind("role", key.role().word())
                .bind("node", key.nodeId())
                .bind("every", key.rotation().every().map(Duration::toMinutes))
                .bind("overlap", key.rotation().overlap().toMinutes())
                .bind("created", key.createdAt())
                .bind("rotated", key.rotatedAt())
                .execute();
    }

    static void update(Handle h, String injectedKeyId, InjectedKey.Rotation rotation) {
        h.createUpdate("UPDATE injected_keys SET rotate_minutes = :every, overlap_minutes = :overlap"
                        + " WHERE injected_key_id = :id")
                .bind("id", injectedKeyId)
                .bind("every", rotation.every().map(Duration::toMinutes))
                .bind("overlap", rotation.overlap().toMinutes())
                .execute();
    }

    static void delete(Handle h, String injectedKeyId) {
        h.execute("DELETE FROM injected_keys WHERE injected_key_id = ?", injectedKeyId);
    }

    /** The one in the file first, then the newest. */
    static List<InjectedKey.Turn> turns(Handle h, String injectedKeyId) {
        return h.createQuery("SELECT * FROM injected_key_turns WHERE injected_key_id = :id"
                        + " ORDER BY CASE WHEN good_until IS NULL THEN 0 ELSE 1 END, made_at DESC, api_key_id DESC")
                .bind("id", injectedKeyId)
                .map((rs, c) -> new InjectedKey.Turn(
                        rs.getString("api_key_id"),
                        rs.getString("digest"),
                        rs.getLong("made_at"),
                        Columns.number(rs, "good_until")))
                .list();
    }

    /**
     * Puts another API key in the place of the one in the file.
     *
     * @param until when those before it are revoked at the latest
     */
    static void turn(Handle h, String injectedKeyId, InjectedKey.Turn made, long until) {
        h.createUpdate("UPDATE injected_key_turns SET good_until = :until WHERE injected_key_id = :id"
                        + " AND (good_until IS NULL OR good_until > :until)")
                .bind("until", until)
                .bind("id", injectedKeyId)
                .execute();
        h.createUpdate("INSERT INTO injected_key_turns (api_key_id, injected_key_id, digest, made_at)"
                        + " VALUES (:key, :id, :digest, :now)")
                .bind("key", made.apiKeyId())
                .bind("id", injectedKeyId)
                .bind("digest", made.digest())
                .bind("now", made.madeAt())
                .execute();
        h.execute("UPDATE injected_keys SET rotated_at = ? WHERE injected_key_id = ?", made.madeAt(), injectedKeyId);
    }

    static void forget(Handle h, String apiKeyId) {
        h.execute("DELETE FROM injected_key_turns WHERE api_key_id = ?", apiKeyId);
    }

    /** Whose time has come and whose device has taken up what is in the file; what is disabled is left alone. */
    static List<String> due(Handle h, long now) {
        return h.createQuery(DUE + " ORDER BY k.rotated_at, k.injected_key_id")
                .bind("now", now)
                .mapTo(String.class)
                .list();
    }

    static boolean isDue(Handle h, String injectedKeyId, long now) {
        return h.createQuery(DUE + " AND k.injected_key_id = :id")
                .bind("now", now)
                .bind("id", injectedKeyId)
                .mapTo(String.class)
                .findOne()
                .isPresent();
    }

    /** Those that have earlier API keys. */
    static List<String> turning(Handle h) {
        return h.createQuery("SELECT DISTINCT injected_key_id FROM injected_key_turns WHERE good_until IS NOT NULL"
                        + " ORDER BY injected_key_id")
                .mapTo(String.class)
                .list();
    }

    private static InjectedKey row(ResultSet rs) throws SQLException {
        return new InjectedKey(
                rs.getString("injected_key_id"),
                rs.getString("customer_id"),
                rs.getString("instance_id"),
                rs.getString("path"),
                rs.getInt("mode"),
                Role.of(rs.getString("role")),
                Optional.ofNullable(rs.getString("node_id")),
                new InjectedKey.Rotation(
                        Columns.number(rs, "rotate_minutes").map(Duration::ofMinutes),
                        Duration.ofMinutes(rs.getLong("overlap_minutes"))),
                rs.getLong("created_at"),
                rs.getLong("rotated_at"));
    }
}
