package io.skerry.cloud.idempotency;

import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The calls in the database. A call is held by one try at a time, for a short while that the holder prolongs; when that is over and
 * nothing was changed, another try may have it, in this process or in any other. The change itself checks that its try still
 * holds the call, so nobody's clock decides whether something is done twice.
 */
final class KeptCalls {
    static final Duration KEPT = Duration.ofDays(1);
    static final Duration HELD = Duration.ofSeconds(15);

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final int mostOfOneCaller;

    KeptCalls(Storage storage, Ids ids, InstantSource time, int mostOfOneCaller) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.mostOfOneCaller = mostOfOneCaller;
    }

    private record Row(String inputHash, Optional<Long> heldUntil, boolean changed, Optional<String> answer) {
        static Row of(ResultSet rs) throws SQLException {
            return new Row(
                    rs.getString("input_hash"),
                    Columns.number(rs, "held_until"),
                    rs.getInt("changed") == 1,
                    Optional.ofNullable(rs.getString("answer")));
        }
    }

    Claim claim(String callId, String apiKeyId, String inputHash) {
        return storage.write(h -> {
            long now = time.millis();
            h.execute(
                    "DELETE FROM idempotent_calls WHERE call_id = ? AND begun_at < ? AND"
                            + " (held_until IS NULL OR held_until < ?)",
                    callId,
                    now - KEPT.toMillis(),
                    now);
            return row(h, callId)
                    .map(row -> claim(h, callId, row, inputHash, now))
                    .orElseGet(() -> first(h, callId, apiKeyId, inputHash, now));
        });
    }

    private Claim claim(Handle h, String callId, Row row, String inputHash, long now) {
        if (!row.inputHash.equals(inputHash)) {
            return new Claim.OtherInput();
        }
        if (row.answer.isPresent()) {
            return new Claim.Answered(row.answer.get());
        }
        if (row.heldUntil.filter(until -> until >= now).isPresent()) {
            return new Claim.Held();
        }
        if (row.changed) {
            return new Claim.Lost();
        }
        String attempt = ids.next();
        h.execute(
                "UPDATE idempotent_calls SET attempt_id = ?, held_until = ? WHERE call_id = ?",
                attempt,
                now + HELD.toMillis(),
                callId);
        return new Claim.Granted(attempt);
    }

    private Claim first(Handle h, String callId, String apiKeyId, String inputHash, long now) {
        int kept = h.createQuery("SELECT count(*) FROM idempotent_calls WHERE api_key_id = :key")
                .bind("key", apiKeyId)
                .mapTo(Integer.class)
                .one();
        if (kept >= mostOfOneCaller && forgetOldest(h, apiKeyId, kept - mostOfOneCaller + 1, now) == 0) {
            return new Claim.TooMany();
        }
        String attempt = ids.next();
        h.execute(
                "INSERT INTO idempotent_calls (call_id, api_key_id, input_hash, attempt_id, begun_at, held_until)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                callId,
                apiKeyId,
                inputHash,
                attempt,
                now,
                now + HELD.toMillis());
        return new Claim.Granted(attempt);
    }

    /** A new call matters more than one that has long ended; what is being carried out stays. */
    private static int forgetOldest(Handle h, String apiKeyId, int many, long now) {
        return h.createUpdate("DELETE FROM idempotent_calls WHERE call_id IN (SELECT call_id FROM idempotent_calls"
                        + " WHERE api_key_id = :key AND (held_until IS NULL OR held_until < :now)"
                        + " ORDER BY begun_at, call_id LIMIT :many)")
                .bind("key", apiKeyId)
                .bind("now", now)
                .bind("many", many)
                .execute();
    }

    private static Optional<Row> row(Handle h, String callId) {
        return h.createQuery("SELECT * FROM idempotent_calls WHERE call_id = :id")
                .bind("id", callId)
                .map((rs, c) -> Row.of(rs))
                .findOne();
    }

    /** Whether the call is being carried out; read only, for who waits. */
    boolean isHeld(String callId) {
        return storage.read(h -> row(h, callId))
                .filter(row ->
                        row.heldUntil.filter(until -> until >= time.millis()).isPresent())
                .isPresent();
    }

    /** The tries go on for another while. */
    void prolong(Collection<String> attempts) {
        storage.write(h -> {
            long until = time.millis() + HELD.toMillis();
            attempts.forEach(a -> h.execute(
                    "UPDATE idempotent_calls SET held_until = ? WHERE attempt_id = ? AND held_until IS NOT NULL",
                    until,
                    a));
            return attempts.size();
        });
    }

    /** Keeps what the call was answered; a failure that changed nothing is forgotten, so that the call may be tried again. */
    void end(String attemptId, Optional<String> answer, boolean failed) {
        storage.write(h -> {
            int forgotten = failed
                    ? h.execute("DELETE FROM idempotent_calls WHERE attempt_id = ? AND changed = 0", attemptId)
                    : 0;
            return forgotten
                    + h.createUpdate("UPDATE idempotent_calls SET answer = CAST(:answer AS TEXT), held_until = NULL"
                                    + " WHERE attempt_id = :attempt")
                            .bind("answer", answer)
                            .bind("attempt", attemptId)
                            .execute();
        });
    }

    void forgetOld() {
        long now = time.millis();
        storage.write(h -> h.execute(
                "DELETE FROM idempotent_calls WHERE begun_at < ? AND (held_until IS NULL OR held_until < ?)",
                now - KEPT.toMillis(),
                now));
    }
}
