package io.skerry.cloud.webhook;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.webhook.Delivery.State;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The tables of deliveries and attempts. */
final class DeliveryRows {
    /** How many attempts, the last ones, are told of a delivery; whoever has it sent once more adds to them. */
    static final int MOST_ATTEMPTS = 64;

    static final JsonType<Problem> PROBLEM = Wire.lenient(Problem.class);

    private DeliveryRows() {}

    /** Before the time of anything that waits. */
    private static final long AT_ONCE = 0;

    /** A delivery that waits for those of the events before. */
    static void queue(Handle h, String deliveryId, String webhookId, String eventId, long now) {
        insert(h, deliveryId, webhookId, eventId, State.WAITING, now, now);
    }

    /** A delivery that is the next one, whatever waits. */
    static void first(Handle h, String deliveryId, String webhookId, String eventId, long now) {
        insert(h, deliveryId, webhookId, eventId, State.ASIDE, now, AT_ONCE);
    }

    private static void insert(
            Handle h, String deliveryId, String webhookId, String eventId, State state, long now, long nextAt) {
        h.createUpdate(
                        "INSERT INTO webhook_deliveries (delivery_id, webhook_id, event_id, state, tries, attempts,"
                                + " next_at, created_at, begun_at) VALUES (:id, :webhook, :event, :state, 0, 0, :next, :now, :now)")
                .bind("id", deliveryId)
                .bind("webhook", webhookId)
                .bind("event", eventId)
                .bind("state", state.word())
                .bind("next", nextAt)
                .bind("now", now)
                .execute();
    }

    /**
     * A delivery that is to be tried.
     *
     * @param begunAt from when on its time to be given up counts
     */
    record Due(String deliveryId, String eventId, State state, int tries, int attempts, long nextAt, long begunAt) {
        /** What the next attempt has as its number. */
        int nextAttempt() {
            return attempts + 1;
        }
    }

    /**
     * What is to be delivered next to this webhook at that moment: the first event that waits, unless it failed and its time hasn't come,
     * which keeps those after it waiting; or one aside whose time has come earlier.
     */
    static Optional<Due> next(Handle h, String webhookId, long now) {
        Optional<Due> first = firstWaiting(h, webhookId).filter(d -> d.nextAt <= now);
        Optional<Due> aside = firstAside(h, webhookId).filter(d -> d.nextAt <= now);
        return first.isPresent() && aside.isPresent() && aside.get().nextAt < first.get().nextAt
                ? aside
                : first.or(() -> aside);
    }

    /** Until when there is nothing to do for this webhook, whatever else comes to wait; 0 when what comes next needn't wait. */
    static long notBefore(Handle h, String webhookId) {
        return firstWaiting(h, webhookId)
                .map(first -> firstAside(h, webhookId)
                        .map(aside -> Math.min(first.nextAt, aside.nextAt))
                        .orElse(first.nextAt))
                .orElse(0L);
    }

    private static Optional<Due> firstWaiting(Handle h, String webhookId) {
        return first(h, webhookId, State.WAITING, "event_id");
    }

    private static Optional<Due> firstAside(Handle h, String webhookId) {
        return first(h, webhookId, State.ASIDE, "next_at");
    }

    private static Optional<Due> first(Handle h, String webhookId, State state, String order) {
        return h.createQuery("SELECT * FROM webhook_deliveries WHERE webhook_id = :webhook AND state = :state"
                        + " ORDER BY " + order + ", delivery_id LIMIT 1")
                .bind("webhook", webhookId)
                .bind("state", state.word())
                .map((rs, c) -> new Due(
                        rs.getString("delivery_id"),
                        rs.getString("event_id"),
                        state,
                        rs.getInt("tries"),
                        rs.getInt("attempts"),
                        rs.getLong("next_at"),
                        rs.getLong("begun_at")))
                .findOne();
    }

    /** Notes an attempt, and what becomes of its delivery. */
    static void attempted(Handle h, String deliveryId, Attempt attempt, State state, int tries, long nextAt) {
        boolean over = state == State.DELIVERED || state == State.GIVEN_UP;
        int there = h.createUpdate("UPDATE webhook_deliveries SET state = :state, tries = :tries, attempts = :attempts,"
                        + " next_at = :next, ended_at = :ended WHERE delivery_id = :id")
                .bind("state", state.word())
                .bind("tries", tries)
                .bind("attempts", attempt.number())
                .bind("next", nextAt)
                .bind("ended", over ? Optional.of(attempt.at() + attempt.millis()) : Optional.<Long>empty())
                .bind("id", deliveryId)
                .execute();
        if (there == 1) {
            h.createUpdate("INSERT INTO webhook_attempts (delivery_id, attempt, attempted_at, millis, status_code,"
                            + " problem, answer) VALUES (:id, :attempt, :at, :millis, :status, :problem, :answer)")
                    .bind("id", deliveryId)
                    .bind("attempt", attempt.number())
                    .bind("at", attempt.at())
                    .bind("millis", attempt.millis())
                    .bind("status", attempt.status())
                    .bind("problem", attempt.problem().map(PROBLEM::toJson))
                    .bind("answer", attempt.answer())
                    .execute();
        }
    }

    /** Has it begun with anew, before all that waits. */
    static void again(Handle h, String deliveryId, long now) {
        h.createUpdate("UPDATE webhook_deliveries SET state = :state, tries = 0, next_at = :next, begun_at = :now,"
                        + " ended_at = NULL WHERE delivery_id = :id")
                .bind("state", State.ASIDE.word())
                .bind("next", AT_ONCE)
                .bind("now", now)
                .bind("id", deliveryId)
                .execute();
    }

    /** Whose webhook's it is; nothing when there is none of this id. */
    static Optional<String> webhookOf(Handle h, String deliveryId) {
        return h.createQuery("SELECT webhook_id FROM webhook_deliveries WHERE delivery_id = :id")
                .bind("id", deliveryId)
                .mapTo(String.class)
                .findOne();
    }

    /** With their last attempts, the newest delivery first. */
    static List<Delivery> list(Handle h, String webhookId, Optional<State> state, int most, String cursor) {
        List<Delivery> found = h.createQuery("SELECT d.*, e.type FROM webhook_deliveries d"
                        + " JOIN events e ON e.event_id = d.event_id WHERE d.webhook_id = :webhook"
                        + " AND (CAST(:state AS TEXT) IS NULL OR d.state = :state)"
                        + " AND (:cursor = '' OR d.delivery_id < :cursor) ORDER BY d.delivery_id DESC LIMIT :most")
                .bind("webhook", webhookId)
                .bind("state", state.map(State::word))
                .bind("cursor", cursor)
                .bind("most", most)
                .map((rs, c) -> delivery(rs))
                .list();
        Map<String, List<Attempt>> attempts =
                attempts(h, found.stream().map(Delivery::deliveryId).toList());
        return found.stream()
                .map(d -> with(d, attempts.getOrDefault(d.deliveryId(), List.of())))
                .toList();
    }

    private static Map<String, List<Attempt>> attempts(Handle h, Collection<String> deliveryIds) {
        Map<String, List<Attempt>> attempts = new HashMap<>();
        if (!deliveryIds.isEmpty()) {
            h.createQuery("SELECT a.* FROM webhook_attempts a JOIN webhook_deliveries d"
                            + " ON d.delivery_id = a.delivery_id WHERE a.delivery_id IN (<ids>)"
                            + " AND a.attempt > d.attempts - :most ORDER BY a.delivery_id, a.attempt")
                    .bindList("ids", List.copyOf(deliveryIds))
                    .bind("most", MOST_ATTEMPTS)
                    .map((rs, c) -> attempts.computeIfAbsent(
                                    rs.getString("delivery_id"), _ -> new java.util.ArrayList<>())
                            .add(attempt(rs)))
                    .list();
        }
        return attempts;
    }

    private static Attempt attempt(ResultSet rs) throws SQLException {
        return new Attempt(
                rs.getInt("attempt"),
                rs.getLong("attempted_at"),
                rs.getLong("millis"),
                Columns.number(rs, "status_code").map(Long::intValue),
                Optional.ofNullable(rs.getString("problem")).map(PROBLEM::fromJson),
                rs.getString("answer"));
    }

    private static Delivery delivery(ResultSet rs) throws SQLException {
        State state = Delivery.state(rs.getString("state"));
        Optional<Long> ended = Columns.number(rs, "ended_at");
        return new Delivery(
                rs.getString("delivery_id"),
                rs.getString("webhook_id"),
                rs.getString("event_id"),
                rs.getString("type"),
                state,
                rs.getInt("tries"),
                rs.getLong("created_at"),
                ended.isPresent() ? Optional.empty() : Optional.of(rs.getLong("next_at")),
                ended,
                List.of());
    }

    private static Delivery with(Delivery d, List<Attempt> attempts) {
        return new Delivery(
                d.deliveryId(),
                d.webhookId(),
                d.eventId(),
                d.eventType(),
                d.state(),
                d.tries(),
                d.createdAt(),
                d.nextAt(),
                d.endedAt(),
                attempts);
    }
}
