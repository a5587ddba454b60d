package io.skerry.cloud.tenancy;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.JsonMappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Who changed what, and when: written together with the change itself, so that neither is there without the other. */
public final class AuditLog {
    /** What is older is forgotten, so that the log is bounded. */
    static final Duration KEPT = Duration.ofDays(2 * 366);

    private static final JsonType<Object> JSON = JsonMappers.mapper().build().type(Object.class);

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;

    public AuditLog(Storage storage, Ids ids, InstantSource time) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
    }

    /**
     * Notes a change within the work that makes it.
     *
     * @throws io.skerry.spec.ProblemException {@code idempotency.taken-over}
     */
    public void note(Handle h, Actor actor, Change change) {
        actor.attempt().ifPresent(attempt -> Attempts.changed(h, attempt));
        h.createUpdate(
                        "INSERT INTO audit_log (audit_id, happened_at, customer_id, actor_kind, actor_id, actor_name, operation,"
                                + " subject_kind, subject_id, subject_name, before_json, after_json)"
                                + " VALUES (:id, :at, :customer, :actorKind, :actorId, :actorName, :operation,"
                                + " :kind, :subject, :name, :before, :after)")
                .bind("id", ids.next())
                .bind("at", time.millis())
                .bind("customer", change.customerId())
                .bind("actorKind", actor.kind())
                .bind("actorId", actor.id())
                .bind("actorName", actor.name())
                .bind("operation", change.operation())
                .bind("kind", change.kind())
                .bind("subject", change.id())
                .bind("name", change.name())
                .bind("before", json(change.before()))
                .bind("after", json(change.after()))
                .execute();
    }

    private static Optional<String> json(Map<String, Object> fields) {
        return fields.isEmpty() ? Optional.empty() : Optional.of(JSON.toJson(new TreeMap<>(fields)));
    }

    /** The newest first; the cursor is that of the page before, or empty. */
    public Page<AuditEntry> list(AuditFilter filter, int take, String cursor) {
        Map<String, Object> bound = new LinkedHashMap<>();
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        filter.customerId().ifPresent(id -> add(conditions, bound, "customer_id = ", "customer", id));
        filter.id().ifPresent(id -> add(conditions, bound, "subject_id = ", "thing", id));
        filter.actorId().ifPresent(id -> add(conditions, bound, "actor_id = ", "actor", id));
        filter.afterOrAt().ifPresent(at -> add(conditions, bound, "happened_at >= ", "from", at));
        filter.before().ifPresent(at -> add(conditions, bound, "happened_at < ", "until", at));
        if (!cursor.isEmpty()) {
            add(conditions, bound, "audit_id < ", "cursor", cursor);
        }
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM audit_log WHERE " + String.join(" AND ", conditions)
                                + " ORDER BY audit_id DESC LIMIT :most")
                        .bindMap(bound)
                        .bind("most", take + 1)
                        .map((rs, c) -> entry(rs))
                        .list(),
                take,
                AuditEntry::auditId));
    }

    private static void add(
            List<String> conditions, Map<String, Object> bound, String condition, String name, Object value) {
        conditions.add(condition + ":" + name);
        bound.put(name, value);
    }

    /** Forgets what is older than two years; called now and then. */
    public void forgetOld() {
        long before = time.millis() - KEPT.toMillis();
        storage.write(h -> h.execute("DELETE FROM audit_log WHERE happened_at < ?", before));
    }

    private static AuditEntry entry(ResultSet rs) throws SQLException {
        return new AuditEntry(
                rs.getString("audit_id"),
                rs.getLong("happened_at"),
                new Actor(rs.getString("actor_kind"), rs.getString("actor_id"), rs.getString("actor_name")),
                Optional.ofNullable(rs.getString("customer_id")),
                rs.getString("operation"),
                rs.getString("subject_kind"),
                rs.getString("subject_id"),
                rs.getString("subject_name"),
                Optional.ofNullable(rs.getString("before_json")),
                Optional.ofNullable(rs.getString("after_json")));
    }
}
