package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Session;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.window.DailyWindow;
import io.skerry.spec.window.Opening;
import io.skerry.spec.window.Schedule;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Windows;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Update windows, as they are asked for, refused, and told devices. */
@Tag(TestDatabase.TAG)
class UpdateWindowsTest {
    private static final JsonType<Session> SESSION = Wire.lenient(Session.class);
    private static final String NIGHT = "{switching: {daily: [{start: \"02:00\", end: \"04:00\"}]}}";
    private static final String DAY = "{switching: {daily: [{days: [MONDAY], start: \"12:00\", minutes: 30}]}}";

    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;
    private String node;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void theNearestWindowsAreTold() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + line + "\") }"));

        set("customer_id", customer, NIGHT);
        assertThat(told(node).orElseThrow().node()).isEqualTo(night());
        set("group_id", trains, DAY);
        assertThat(told(node).orElseThrow().node()).isEqualTo(noon());
        set("node_id", node, NIGHT);
        assertThat(told(node).orElseThrow().node()).isEqualTo(night());

        set("node_id", node, "{}");
        assertThat(told(node)).as("open always, whatever its group says").isEmpty();

        data(fleet.ask("mutation { DM_remove_update_windows(node_id: \"" + node + "\") }"));
        assertThat(told(node).orElseThrow().node()).isEqualTo(noon());
    }

    @Test
    void nodesThatMoveGoByTheWindowsOfTheirNewPlace() {
        String trains = group("trains", "");
        String line = group("line-1", "");
        set("group_id", trains, NIGHT);

        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + line + "\") }"));
        assertThat(told(node)).isEmpty();
        data(fleet.ask(
                "mutation { Authz_move_group(group_id: \"" + line + "\", parent_group_id: \"" + trains + "\") }"));

        assertThat(told(node).orElseThrow().node()).isEqualTo(night());
    }

    @Test
    void aServicesWindowsComeOnTopOfTheDevices() {
        String service = service(customer, "web");
        String instance = instance(service, node);
        set("customer_id", customer, NIGHT);

        set("node_service_id", service, DAY);

        Schedule schedule = told(node).orElseThrow();
        assertThat(schedule.node()).isEqualTo(night());
        assertThat(schedule.containers()).isEqualTo(Map.of(instance, noon()));
    }

    @Test
    void theTimeZoneIsTheNearestOneToo() {
        String trains = group("trains", "");
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + trains + "\") }"));
        set("customer_id", customer, NIGHT);
        assertThat(zone()).isEqualTo("UTC");

        data(fleet.ask("mutation { DM_set_time_zone(group_id: \"" + trains + "\", time_zone: \"Europe/Berlin\") }"));
        assertThat(zone()).isEqualTo("Europe/Berlin");
        assertThat(told(node).orElseThrow().zone()).isEqualTo("Europe/Berlin");

        data(fleet.ask("mutation { DM_set_time_zone(group_id: \"" + trains + "\", time_zone: null) }"));
        assertThat(told(node).orElseThrow().zone()).isEqualTo("UTC");
    }

    @Test
    void aChangeOfWindowsIsNoChangeOfTheWorkload() {
        instance(service(customer, "web"), node);
        String before = workload();

        set("node_id", node, NIGHT);

        assertThat(workload()).isEqualTo(before);
        assertThat(told(node)).isPresent();
    }

    @Test
    void whatIsUrgentIsToldWithItsEndAndStandsInTheAuditLogWithItsReason() {
        String instance = instance(service(customer, "web"), node);
        set("node_id", node, NIGHT);

        data(fleet.ask("mutation { DM_open_update_windows(node_service_instance_id: \"" + instance
                + "\", minutes: 60, reason: \"CVE-2026-1\") }"));

        Schedule schedule = told(node).orElseThrow();
        assertThat(schedule.isOpen(instance, Opening.SWITCH, Instant.now())).isTrue();
        assertThat(schedule.isOpen(instance, Opening.SWITCH, noonTomorrow())).isFalse();
        assertThat(data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                                + "\") { entries { operation subject_kind after } } }"))
                        .toString())
                .contains("DM_open_update_windows", "instance", "CVE-2026-1");

        data(fleet.ask("mutation { DM_open_update_windows(node_service_instance_id: \"" + instance
                + "\", minutes: 0, reason: \"done\") }"));
        assertThat(told(node).orElseThrow().urgentContainers()).isEmpty();
        assertThat(listed()).as("all that is said").hasSize(1);
    }

    @Test
    void whatIsUrgentForAllOfACustomerOrAServiceIsSoForEach() {
        String service = service(customer, "web");
        String instance = instance(service, node);
        set("node_id", node, NIGHT);

        for (String whose : List.of("customer_id: \"" + customer + "\"", "node_service_id: \"" + service + "\"")) {
            assertThat(told(node).orElseThrow().isOpen(instance, Opening.SWITCH, noonTomorrow()))
                    .isFalse();

            data(fleet.ask("mutation { DM_open_update_windows(" + whose + ", minutes: 10080, reason: \"CVE\") }"));
            assertThat(told(node).orElseThrow().isOpen(instance, Opening.SWITCH, noonTomorrow()))
                    .as(whose)
                    .isTrue();

            data(fleet.ask("mutation { DM_open_update_windows(" + whose + ", minutes: 0, reason: \"done\") }"));
        }
    }

    @Test
    void aDeviceThatKnowsNothingOfWindowsIsToldNoneAndGetsNoNewVersionThatItWouldTakeAtOnce() {
        String old = fleet.node(
                customer,
                "old",
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of("volumes"), 2));
        String service = service(customer, "web");
        set("customer_id", customer, NIGHT);

        assertThat(told(old)).isEmpty();
        assertThat(code(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                        + "\", node_id: \"" + old + "\") }")))
                .isEqualTo("capability.unsupported");
    }

    @Test
    void windowsThatMakeNoSenseAreRefused() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "{switching: {}}", "window.never-opens",
                        "{switching: {daily: [{days: [], start: \"02:00\", end: \"04:00\"}]}}", "window.never-opens",
                        "{switching: {scheduled: [{from: 5, until: 5}]}}", "window.never-opens",
                        "{fetching: {scheduled: [{from: 5, until: 6}]}}", "window.never-opens",
                        "{switching: {daily: [{start: \"2 am\", minutes: 5}]}}", "window.malformed",
                        "{switching: {daily: [{start: \"24:00\", minutes: 5}]}}", "window.malformed",
                        "{switching: {daily: [{start: \"02:00\"}]}}", "window.malformed",
                        "{switching: {scheduled: [{from: -1, until: 6}]}}", "window.malformed")
                .entrySet()) {
            assertThat(code(trySet("node_id", node, wrong.getKey())))
                    .as(wrong.getKey())
                    .isEqualTo(wrong.getValue());
        }
        assertThat(code(fleet.ask("mutation { DM_set_time_zone(node_id: \"" + node + "\", time_zone: \"Mars\") }")))
                .isEqualTo("zone.unknown");
        assertThat(code(fleet.ask("mutation { DM_remove_update_windows }"))).isEqualTo("input.contradiction");
        for (String reason : List.of("", "  ", "\\u0007 ")) {
            assertThat(code(fleet.ask("mutation { DM_open_update_windows(node_id: \"" + node
                            + "\", minutes: 5, reason: \"" + reason + "\") }")))
                    .isEqualTo("input.reason-missing");
        }
        assertThat(code(fleet.ask("mutation { DM_open_update_windows(node_id: \"" + node + "\", minutes: 5, reason: \""
                        + "x".repeat(501) + "\") }")))
                .isEqualTo("input.too-long");
        assertThat(code(fleet.ask("mutation { DM_open_update_windows(node_id: \"" + node
                        + "\", minutes: 10081, reason: \"\") }")))
                .isEqualTo("input.out-of-range");
        assertThat(told(node)).isEmpty();
    }

    @Test
    void whatIsAnothersIsAsIfItWerentThere() {
        String other = fleet.customer("south");
        String theirs = fleet.node(other, "beta", Architecture.AMD64);
        String service = service(other, "web");
        String instance = instance(service, theirs);

        for (Map.Entry<String, String> one : Map.of(
                        "customer_id: \"" + other + "\"", "customer.unknown",
                        "node_id: \"" + theirs + "\"", "node.unknown",
                        "node_service_id: \"" + service + "\"", "service.unknown")
                .entrySet()) {
            assertThat(code(fleet.askAs(
                            customer,
                            "mutation { DM_set_update_windows(" + one.getKey() + ", windows: " + NIGHT + ") }")))
                    .isEqualTo(one.getValue());
        }
        assertThat(code(fleet.askAs(
                        customer,
                        "mutation { DM_open_update_windows(node_service_instance_id: \"" + instance
                                + "\", minutes: 5, reason: \"soon\") }")))
                .isEqualTo("instance.unknown");
        assertThat(code(fleet.askAs(
                        customer, "{ DM_get_update_windows(customer_id: \"" + other + "\") { next_cursor } }")))
                .isEqualTo("customer.unknown");
    }

    @Test
    void whatWasSaidIsListedAndGoesWithItsSubject() {
        String service = service(customer, "web");
        String instance = instance(service, node);
        set("customer_id", customer, DAY);
        set("node_id", node, NIGHT);
        data(fleet.ask("mutation { DM_open_update_windows(node_service_instance_id: \"" + instance
                + "\", minutes: 5, reason: \"soon\") }"));

        assertThat(listed()).hasSize(3);
        assertThat(listed().toString())
                .contains("days=[MONDAY], start=12:00, end=null, minutes=30", "start=02:00, end=04:00", "soon");
        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));

        assertThat(listed()).hasSize(1);
    }

    private List<?> listed() {
        Object page = data(fleet.ask("{ DM_get_update_windows(customer_id: \"" + customer
                        + "\") { update_times { node_id urgent_reason windows { fetching { daily { start } }"
                        + " switching { daily { days start end minutes } scheduled { from until } } } } } }"))
                .get("DM_get_update_windows");
        return page instanceof Map<?, ?> fields && fields.get("update_times") instanceof List<?> list
                ? list
                : List.of();
    }

    private static Instant noonTomorrow() {
        return Instant.now()
                .plus(Duration.ofDays(1))
                .truncatedTo(java.time.temporal.ChronoUnit.DAYS)
                .plus(Duration.ofHours(12));
    }

    private void set(String kind, String id, String windows) {
        data(trySet(kind, id, windows));
    }

    private Map<String, @Nullable Object> trySet(String kind, String id, String windows) {
        return fleet.ask("mutation { DM_set_update_windows(" + kind + ": \"" + id + "\", windows: " + windows + ") }");
    }

    private String group(String name, String parent) {
        return data(fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"" + name + "\""
                                + (parent.isEmpty() ? "" : ", parent_group_id: \"" + parent + "\"") + ") }"))
                        .get("Authz_create_group")
                + "";
    }

    private String service(String of, String name) {
        return Sample.service(fleet, of, name, 1);
    }

    private String instance(String service, String on) {
        return data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                                + "\", node_id: \"" + on + "\") }"))
                        .get("DM_add_node_service_instance")
                + "";
    }

    private String zone() {
        return Objects.requireNonNull(data(fleet.ask("{ DM_get_node(node_id: \"" + node + "\") { time_zone } }"))
                        .get("DM_get_node"))
                .toString()
                .replaceAll(".*time_zone=|}", "");
    }

    private Optional<Schedule> told(String id) {
        return SESSION.fromJson(stored("session", id)).schedule();
    }

    private String workload() {
        return stored("workload", node);
    }

    private String stored(String column, String id) {
        return fleet.storage.read(h -> h.createQuery("SELECT " + column + " FROM desired_states WHERE node_id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .one());
    }

    private static UpdateWindows night() {
        return switching(new DailyWindow(
                List.of(DayOfWeek.values()), LocalTime.of(2, 0), Optional.of(LocalTime.of(4, 0)), Optional.empty()));
    }

    private static UpdateWindows noon() {
        return switching(
                new DailyWindow(List.of(DayOfWeek.MONDAY), LocalTime.of(12, 0), Optional.empty(), Optional.of(30)));
    }

    private static UpdateWindows switching(DailyWindow window) {
        return new UpdateWindows(Optional.empty(), Optional.of(new Windows(List.of(window), List.of())));
    }
}
