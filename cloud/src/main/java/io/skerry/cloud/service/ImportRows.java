package io.skerry.cloud.service;

import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.spec.Problem;
import io.skerry.spec.wire.Messages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code imports}. */
final class ImportRows {
    /** How long an import that is over can be looked up. */
    private static final Duration KEPT = Duration.ofDays(90);

    private static final String OWN =
            " WHERE customer_id = :customer AND import_id = :id AND state = :running" + " AND replica_id = :replica";

    private ImportRows() {}

    /** @param replica which process runs it; empty when there is only one */
    static void insert(Handle h, ImportKey key, String serviceName, String replica, long now) {
        h.createUpdate("DELETE FROM imports WHERE customer_id = :customer AND ended_at < :before")
                .bind("customer", key.customerId())
                .bind("before", now - KEPT.toMillis())
                .execute();
        // Whoever repeats a failed import under its id wants that very import.
        h.createUpdate("DELETE FROM imports WHERE customer_id = :customer AND import_id = :id AND state = :failed")
                .bind("customer", key.customerId())
                .bind("id", key.importId())
                .bind("failed", ImportView.State.FAILED.word())
                .execute();
        h.createUpdate(
                        "INSERT INTO imports (import_id, customer_id, service_name, state, bytes_total, replica_id, started_at)"
                                + " VALUES (:id, :customer, :name, :state, 0, :replica, :now)")
                .bind("id", key.importId())
                .bind("customer", key.customerId())
                .bind("name", serviceName)
                .bind("state", ImportView.State.RUNNING.word())
                .bind("replica", replica)
                .bind("now", now)
                .execute();
    }

    /** False when another process has given it up, as this one seemed dead: then it isn't this one's to end. */
    static boolean done(Handle h, ImportKey key, ImportedVersion made, String replica, long bytesTotal, long now) {
        return h.createUpdate("UPDATE imports SET state = :state, bytes_total = :bytes, service_id = :service,"
                                + " version = :version, ended_at = :now" + OWN)
                        .bind("state", ImportView.State.DONE.word())
                        .bind("bytes", bytesTotal)
                        .bind("service", made.serviceId())
                        .bind("version", made.version())
                        .bind("now", now)
                        .bind("customer", key.customerId())
                        .bind("id", key.importId())
                        .bind("running", ImportView.State.RUNNING.word())
                        .bind("replica", replica)
                        .execute()
                == 1;
    }

    static void failed(Handle h, ImportKey key, Problem problem, String replica, long bytesTotal, long now) {
        h.createUpdate("UPDATE imports SET state = :state, bytes_total = :bytes, problem = :problem, ended_at = :now"
                        + OWN)
                .bind("running", ImportView.State.RUNNING.word())
                .bind("replica", replica)
                .bind("state", ImportView.State.FAILED.word())
                .bind("bytes", bytesTotal)
                .bind("problem", Messages.PROBLEM.toJson(problem))
                .bind("now", now)
                .bind("customer", key.customerId())
                .bind("id", key.importId())
                .execute();
    }

    /** Ends all that a process left running which isn't among these. */
    static void interrupted(Handle h, Collection<String> alive, long now) {
        Problem problem = new Problem(
                "import.interrupted",
                "The control plane stopped while this import ran.",
                "Import again; what was fetched is not fetched a second time.");
        h
                .createQuery("SELECT DISTINCT replica_id FROM imports WHERE state = :running")
                .bind("running", ImportView.State.RUNNING.word())
                .mapTo(String.class)
                .list()
                .stream()
                .filter(replica -> !alive.contains(replica))
                .forEach(replica -> interrupted(h, replica, problem, now));
    }

    private static void interrupted(Handle h, String replica, Problem problem, long now) {
        h.createUpdate("UPDATE imports SET state = :failed, problem = :problem, ended_at = :now"
                        + " WHERE state = :running AND replica_id = :replica")
                .bind("replica", replica)
                .bind("failed", ImportView.State.FAILED.word())
                .bind("problem", Messages.PROBLEM.toJson(problem))
                .bind("now", now)
                .bind("running", ImportView.State.RUNNING.word())
                .execute();
    }

    /** Imports of this id, one of a customer, newest first. */
    static List<ImportView> find(Handle h, String importId) {
        return h.createQuery("SELECT * FROM imports WHERE import_id = :id ORDER BY started_at DESC, customer_id")
                .bind("id", importId)
                .map((rs, c) -> view(rs))
                .list();
    }

    static List<ImportView> newest(Handle h, String customerId, int most, TimeCursor behind) {
        return h.createQuery("SELECT * FROM imports WHERE customer_id = :customer"
                        + " AND (started_at < :at OR (started_at = :at AND import_id < :id))"
                        + " ORDER BY started_at DESC, import_id DESC LIMIT :most")
                .bind("customer", customerId)
                .bind("at", behind.at())
                .bind("id", behind.id())
                .bind("most", most)
                .map((rs, c) -> view(rs))
                .list();
    }

    private static ImportView view(ResultSet rs) throws SQLException {
        String word = rs.getString("state");
        ImportView.State state = List.of(ImportView.State.values()).stream()
                .filter(s -> s.word().equals(word))
                .findFirst()
                .orElseThrow();
        long total = rs.getLong("bytes_total");
        return new ImportView(
                rs.getString("import_id"),
                rs.getString("customer_id"),
                rs.getString("service_name"),
                state,
                state.word(),
                state == ImportView.State.DONE ? total : 0,
                total,
                rs.getLong("started_at"),
                Columns.number(rs, "ended_at"),
                Optional.ofNullable(rs.getString("service_id")),
                Columns.number(rs, "version").map(Long::intValue),
                Optional.ofNullable(rs.getString("problem")).map(Messages.PROBLEM::fromJson));
    }
}
