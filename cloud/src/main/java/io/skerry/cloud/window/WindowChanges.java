package io.skerry.cloud.window;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Windows;
import io.skerry.spec.window.Zones;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Says when things may be updated, and tells the nodes concerned. What the caller may not see is answered as if it weren't there. */
public final class WindowChanges {
    static final JsonType<UpdateWindows> WINDOWS = Wire.lenient(UpdateWindows.class);

    /** For how long at most a change may be urgent. */
    static final Duration LONGEST_URGENCY = Duration.ofDays(7);

    private static final int LONGEST_REASON = 500;

    private final Storage storage;
    private final InstantSource time;
    private final WorkloadChanges changes;
    private final AuditLog audit;

    public WindowChanges(Storage storage, InstantSource time, WorkloadChanges changes, AuditLog audit) {
        this.storage = storage;
        this.time = time;
        this.changes = changes;
        this.audit = audit;
    }

    /** A subject as it was found. */
    private record Found(Subject subject, String customerId, String name) {}

    /**
     * Gives a customer, group, node or service windows of its own.
     *
     * @throws ProblemException {@code window.never-opens}, {@code customer.unknown}, {@code group.unknown}, {@code
     *     node.unknown}, {@code service.unknown}
     */
    public void set(Subject subject, UpdateWindows windows, Caller caller) {
        refuseOver(windows);
        change(subject, caller, "DM_set_update_windows", t -> t.withWindows(Optional.of(windows)));
    }

    /** All its windows may be over: it can't be told by themselves, only by the time that it is. */
    private void refuseOver(UpdateWindows windows) {
        // A daily window opens in every zone; a scheduled one opens at the same instant in all.
        ZoneId anywhere = ZoneId.of(Zones.DEFAULT);
        for (Windows w : Stream.of(windows.fetching(), windows.switching())
                .flatMap(Optional::stream)
                .toList()) {
            if (w.opens(time.instant(), anywhere).isEmpty()) {
                throw new Problem(
                                "window.never-opens",
                                "All of these windows are over, so that nothing would ever be open.",
                                "Give a window that opens from now on.")
                        .asException();
            }
        }
    }

    /** Takes a subject's own windows away, so that those of the next wider one count. */
    public void remove(Subject subject, Caller caller) {
        change(subject, caller, "DM_remove_update_windows", t -> t.withWindows(Optional.empty()));
    }

    /**
     * Says in which time zone a customer's, group's or node's windows are meant.
     *
     * @param zone the IANA name; empty: that of the next wider one
     * @throws ProblemException {@code zone.unknown} and as {@link #set}
     */
    public void zone(
            Subject subject,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> zone,
            Caller caller) {
        zone.ifPresent(Zones::checked);
        change(subject, caller, "DM_set_time_zone", t -> t.withTimeZone(zone));
    }

    /**
     * Lets nothing of a node or an instance, of all nodes of a group or customer, or of all instances of a service wait for windows
     * for some time.
     *
     * @param minutes from now on; 0 ends it
     * @param reason for the audit log; may be left empty to end it
     * @throws ProblemException {@code input.out-of-range}, {@code input.reason-missing}, {@code input.too-long}, {@code instance.unknown} and as {@link #set}
     */
    public void urgent(Subject subject, int minutes, String reason, Caller caller) {
        if (minutes < 0 || minutes > LONGEST_URGENCY.toMinutes()) {
            throw new Problem(
                            "input.out-of-range",
                            "minutes is " + minutes + ", which is out of bounds.",
                            "Give 1 to " + LONGEST_URGENCY.toMinutes() + ", or 0 to end it.")
                    .asException();
        }
        if (minutes > 0 && reason.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new Problem(
                            "input.reason-missing",
                            "It isn't said why nothing is to wait for its update windows.",
                            "Give a reason of 1 to " + LONGEST_REASON + " characters, which the audit log keeps.")
                    .asException();
        }
        if (reason.length() > LONGEST_REASON) {
            throw new Problem(
                            "input.too-long",
                            "reason has " + reason.length() + " characters.",
                            "Give at most " + LONGEST_REASON + ".")
                    .asException();
        }
        long until = time.millis() + Duration.ofMinutes(minutes).toMillis();
        String why = Text.shortened(reason, LONGEST_REASON);
        change(
                subject,
                caller,
                "DM_open_update_windows",
                t -> minutes == 0 ? t.notUrgent() : t.urgent(until, why),
                Map.of("urgent_reason", why));
    }

    private void change(Subject subject, Caller caller, String operation, UnaryOperator<UpdateTimes> change) {
        change(subject, caller, operation, change, Map.of());
    }

    /** @param said what stands in the audit log, besides what is so from now on */
    private void change(
            Subject subject,
            Caller caller,
            String operation,
            UnaryOperator<UpdateTimes> change,
            Map<String, Object> said) {
        storage.write(h -> {
            Found found = found(h, subject, caller);
            UpdateTimes before = h.createQuery("SELECT * FROM update_times WHERE subject_id = :id")
                    .bind("id", subject.id())
                    .map((rs, c) -> Schedules.row(rs))
                    .findOne()
                    .orElse(UpdateTimes.nothing(subject, found.customerId()));
            UpdateTimes after = change.apply(before);
            if (after.equals(before)) {
                return subject;
            }
            store(h, after);
            Map<String, Object> now = told(after);
            now.putAll(said);
            note(h, caller, operation, found, told(before), now);
            changes.refresh(h, concerned(h, subject));
            return subject;
        });
    }

    private static void store(Handle h, UpdateTimes now) {
        Subject subject = now.subject();
        h.execute("DELETE FROM update_times WHERE subject_id = ?", subject.id());
        if (now.saysNothing()) {
            return;
        }
        boolean customer = subject.kind() == Subject.Kind.CUSTOMER;
        h.createUpdate("INSERT INTO update_times (subject_id, subject_kind, customer_id"
                        + (customer ? "" : ", " + subject.kind().column())
                        + ", windows, time_zone, urgent_until, urgent_reason) VALUES (:id, :kind, :customer"
                        + (customer ? "" : ", :id") + ", :windows, :zone, :until, :reason)")
                .bind("id", subject.id())
                .bind("kind", subject.kind().word())
                .bind("customer", now.customerId())
                .bind("windows", now.windows().map(WINDOWS::toJson))
                .bind("zone", now.timeZone())
                .bind("until", now.urgentUntil())
                .bind("reason", now.urgentReason())
                .execute();
    }

    private void note(
            Handle h,
            Caller caller,
            String operation,
            Found found,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.note(
                h,
                caller.actor(),
                new Change(
                        Optional.of(found.customerId()),
                        operation,
                        found.subject().kind().word(),
                        found.subject().id(),
                        found.name(),
                        before,
                        after));
    }

    private static Map<String, Object> told(UpdateTimes times) {
        var fields = new TreeMap<String, Object>();
        times.windows().ifPresent(w -> fields.put("windows", WINDOWS.toJson(w)));
        times.timeZone().ifPresent(z -> fields.put("time_zone", z));
        times.urgentUntil()
                .ifPresent(
                        u -> fields.put("urgent_until", Instant.ofEpochMilli(u).toString()));
        times.urgentReason().ifPresent(r -> fields.put("urgent_reason", r));
        return fields;
    }

    private static Found found(Handle h, Subject subject, Caller caller) {
        return h
                .createQuery(
                        switch (subject.kind()) {
                            case CUSTOMER ->
                                "SELECT customer_id, name, NULL AS node_id FROM customers WHERE customer_id = :id";
                            case GROUP ->
                                "SELECT customer_id, name, NULL AS node_id FROM node_groups WHERE group_id = :id";
                            case NODE -> "SELECT customer_id, name, node_id FROM nodes WHERE node_id = :id";
                            case SERVICE ->
                                "SELECT customer_id, name, NULL AS node_id FROM services WHERE service_id = :id";
                            case INSTANCE ->
                                "SELECT i.customer_id, s.name, i.node_id FROM instances i"
                                        + " JOIN services s ON s.service_id = i.service_id WHERE i.instance_id = :id";
                        })
                .bind("id", subject.id())
                .map((rs, c) -> Map.entry(
                        new Found(subject, rs.getString("customer_id"), rs.getString("name")),
                        Optional.ofNullable(rs.getString("node_id"))))
                .stream()
                .filter(e -> e.getValue()
                        .map(node -> caller.sees(e.getKey().customerId(), node))
                        .orElseGet(() -> caller.sees(e.getKey().customerId())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> unknown(subject).asException());
    }

    private static Problem unknown(Subject subject) {
        return switch (subject.kind()) {
            case CUSTOMER -> Customers.unknown(subject.id());
            case GROUP -> Groups.unknown(subject.id());
            case NODE -> Nodes.unknown(subject.id());
            case SERVICE -> Services.unknown(subject.id());
            case INSTANCE ->
                new Problem(
                        "instance.unknown",
                        "There is no node service instance '" + Text.shortened(subject.id(), 60) + "'.",
                        "Look the ids up with DM_get_node_service_instances or 'skerry instance ls'.");
        };
    }

    /** The nodes to which it may matter. */
    private static List<String> concerned(Handle h, Subject subject) {
        return h.createQuery(
                        switch (subject.kind()) {
                            case CUSTOMER -> "SELECT node_id FROM nodes WHERE customer_id = :id";
                            case GROUP ->
                                "SELECT n.node_id FROM nodes n JOIN node_groups g ON g.group_id = n.group_id"
                                        + " JOIN node_groups top ON top.group_id = :id AND top.customer_id = g.customer_id"
                                        + " WHERE substr(g.path || '/', 1, length(top.path) + 1) = top.path || '/'";
                            case NODE -> "SELECT node_id FROM nodes WHERE node_id = :id";
                            case SERVICE -> "SELECT DISTINCT node_id FROM instances WHERE service_id = :id";
                            case INSTANCE -> "SELECT node_id FROM instances WHERE instance_id = :id";
                        })
                .bind("id", subject.id())
                .mapTo(String.class)
                .list();
    }

    /** All of which a customer has said something. */
    public Page<UpdateTimes> list(String customerId, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM update_times WHERE customer_id = :customer AND subject_id > :cursor"
                                + " ORDER BY subject_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> Schedules.row(rs))
                        .list(),
                take,
                t -> t.subject().id()));
    }

    /** In which time zone the windows of each of these nodes are meant. */
    public Map<String, String> zones(Collection<String> nodeIds) {
        return nodeIds.isEmpty() ? Map.of() : storage.read(h -> Schedules.zones(h, nodeIds));
    }
}
