package io.skerry.cloud.event;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.graphql.Sample;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.node.Identities;
import io.skerry.cloud.node.NewClaim;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.ClaimToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event log as it is written and read. */
@Tag(TestDatabase.TAG)
class EventsTest {
    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        customer = fleet.customer("north");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private void happens(String name) {
        fleet.storage.write(h -> fleet.events.append(h, enrolled(name)));
    }

    private NewEvent enrolled(String name) {
        return new NewEvent(customer, EventType.NODE_ENROLLED, Subject.node(name), Map.of("node_name", name));
    }

    private List<Map<?, ?>> events(String arguments) {
        return events(fleet.ask(query(arguments)));
    }

    private String query(String arguments) {
        return "{ DM_get_events(customer_id: \"" + customer + "\"" + (arguments.isEmpty() ? "" : ", " + arguments)
                + ") { next_cursor events { event_id at type version node_id node_service_id rollout_id data } } }";
    }

    private static List<Map<?, ?>> events(Map<String, ?> answer) {
        Map<?, ?> page =
                (Map<?, ?>) Objects.requireNonNull(data(Map.copyOf(answer)).get("DM_get_events"));
        List<Map<?, ?>> events = new ArrayList<>();
        ((List<?>) Objects.requireNonNull(page.get("events"))).forEach(e -> events.add((Map<?, ?>) e));
        return events;
    }

    private List<String> types(String arguments) {
        return events(arguments).stream().map(e -> e.get("type") + "").toList();
    }

    @Test
    void aDeviceThatJoinsAndLeavesIsTold() {
        var claims = new ClaimTokens(fleet.storage, fleet.time(), new SecureRandom(), fleet.audit, "0".repeat(64));
        String token = claims.create(
                new NewClaim(customer, Optional.empty(), Optional.empty(), 1, Duration.ofHours(1)),
                FleetFixture.TESTER);
        String secret = ClaimToken.parse(token).secret();
        var enrolment = new Enrolment(
                fleet.storage,
                fleet.time(),
                claims,
                new Identities(fleet.storage),
                fleet.byGroup,
                fleet.audit,
                fleet.events,
                ChangeLog.alone());
        String node = fleet.ids.next();
        var capabilities = new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2);

        enrolment.enrol(new Enrolment.NewNode(node, secret, "f".repeat(64), "quay", capabilities));
        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));

        assertThat(types("")).containsExactly("node.removed", "node.enrolled");
        assertThat(events("").getFirst().get("data"))
                .isEqualTo("{\"node_id\":\"" + node + "\",\"node_name\":\"quay\"}");
    }

    @Test
    void aRollOutsPhasesPausesAndEndAreTold() {
        String service = Sample.service(fleet, customer, "web", 1);
        data(fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service
                + "\", policy: {phases: [{percent: 50}, {approval: true}]}) }"));
        Sample.version(fleet, service, 2);
        String rollout = fleet.rollouts.newest(service).orElseThrow().rollout().rolloutId();
        for (String change : List.of("pause", "resume")) {
            data(fleet.ask("mutation { DM_" + change + "_rollout(rollout_id: \"" + rollout + "\") }"));
        }
        fleet.turns.advance(id -> Map.of());
        data(fleet.ask("mutation { DM_approve_rollout(rollout_id: \"" + rollout + "\") }"));
        data(fleet.ask("mutation { DM_abort_rollout(rollout_id: \"" + rollout + "\") }"));

        assertThat(types("oldest_first: true"))
                .containsExactly(
                        "rollout.phase_begun",
                        "rollout.paused",
                        "rollout.resumed",
                        "rollout.awaiting_approval",
                        "rollout.phase_begun",
                        "rollout.ended");
        assertThat(events("oldest_first: true, types: [\"rollout.paused\"]")
                                .getFirst()
                                .get("data") + "")
                .contains(
                        "\"service_name\":\"web\"",
                        "\"version\":2",
                        "\"phase\":1,\"phases\":2",
                        "\"reason\":{\"code\":\"rollout.paused\",\"message\":\"tester paused it.\"");
        assertThat(events("types: [\"rollout.ended\"]").getFirst().get("data") + "")
                .contains("\"state\":\"aborted\"", "\"phase\":2");
        assertThat(events("node_service_id: \"" + service + "\"")).hasSize(6);
    }

    @Test
    void aVersionThatTheDeviceCannotHaveIsToldOnceAndAnewAfterOneThatItCould() {
        String service = Sample.service(fleet, customer, "web", 1);
        String node = fleet.node(customer, "gate", Architecture.AMD64);
        Object instance = data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                        + "\", node_id: \"" + node + "\") }"))
                .get("DM_add_node_service_instance");

        Sample.version(fleet, service, 2, Architecture.ARM64);
        refreshed(node);

        List<Map<?, ?>> failed = events("types: [\"instance.update_failed\"]");
        assertThat(failed).singleElement().satisfies(e -> {
            assertThat(e.get("node_id")).isEqualTo(node);
            assertThat(e.get("data") + "")
                    .contains(
                            "\"node_name\":\"gate\"",
                            "\"node_service_instance_id\":\"" + instance + "\"",
                            "\"service_name\":\"web\"",
                            "\"from_version\":1",
                            "\"version\":2",
                            "\"code\":\"instance.architecture-missing\"");
        });
        Sample.version(fleet, service, 3);
        Sample.version(fleet, service, 4, Architecture.ARM64);
        assertThat(events("types: [\"instance.update_failed\"]")).hasSize(2);
    }

    private void refreshed(String node) {
        fleet.storage.write(h -> {
            fleet.desired.refresh(h, List.of(node));
            return node;
        });
    }

    @Test
    void whatIsUndoneDidntHappen() {
        assertThatThrownBy(() -> fleet.storage.write(h -> {
                    fleet.events.append(h, enrolled("ghost"));
                    throw new IllegalStateException("the power went");
                }))
                .hasMessage("the power went");

        assertThat(types("")).isEmpty();
    }

    @Test
    void whoeverFollowsTheLogMissesNone() {
        for (int i = 0; i < 7; i++) {
            happens("n" + i);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        for (int i = 0; i < 3; i++) {
            for (Map<?, ?> event : events("oldest_first: true, take: 3, cursor: \"" + cursor + "\"")) {
                seen.add(event.get("node_id") + "");
                cursor = event.get("event_id") + "";
            }
        }
        happens("late");

        assertThat(seen).containsExactly("n0", "n1", "n2", "n3", "n4", "n5", "n6");
        assertThat(events("oldest_first: true, cursor: \"" + cursor + "\""))
                .singleElement()
                .satisfies(e -> assertThat(e.get("node_id")).isEqualTo("late"));
        assertThat(events("take: 2").stream().map(e -> e.get("node_id") + "")).containsExactly("late", "n6");
    }

    @Test
    void aClockThatGoesBackPutsNothingBeforeWhatWasTold() {
        happens("first");
        fleet.later(Duration.ofHours(-2));
        happens("second");

        assertThat(events("oldest_first: true").stream().map(e -> e.get("node_id") + ""))
                .containsExactly("first", "second");
    }

    @Test
    void whatIsOldOrTooMuchIsForgotten() {
        happens("old");
        fleet.later(Duration.ofDays(31));
        for (int i = 0; i < 5; i++) {
            happens("n" + i);
        }
        var few = new Events(fleet.storage, fleet.time(), new Random(1), (h, e) -> {}, 3);

        few.forgetOld();

        assertThat(events("").stream().map(e -> e.get("node_id") + "")).containsExactly("n4", "n3", "n2");
    }

    @Test
    void anotherCustomersEventsAreNobodysBusiness() {
        happens("n0");
        String other = fleet.customer("south");

        assertThat(code(fleet.askAs(other, query("")))).isEqualTo("customer.unknown");
        assertThat(code(fleet.ask(query("types: [\"node.gone\"]")))).isEqualTo("event.type-unknown");
        assertThat(code(fleet.ask(query("take: 1000")))).isEqualTo("input.out-of-range");
    }

    @Test
    void aKeyOfOneDeviceReadsThatDevicesEventsAlone() {
        happens("n0");
        happens("n1");
        Caller own = new Caller(
                FleetFixture.TESTER, Optional.of(customer), Role.VIEWER, Optional.of("n1"), Optional.empty());

        assertThat(events(fleet.askAs(own, query(""))).stream().map(e -> e.get("node_id") + ""))
                .containsExactly("n1");
        assertThat(code(fleet.askAs(own, query("node_id: \"n0\"")))).isEqualTo("customer.unknown");
    }

    @Test
    void whatHappenedToOneInstanceIsAskedForByItselfAlsoOnceItIsGone() {
        // given
        committed(customer, "i1", 1);
        committed(customer, "i2", 1);
        committed(customer, "i1", 2);
        happens("n1");

        // when
        List<Map<?, ?>> history = events("node_service_instance_id: \"i1\"");

        // then
        assertThat(history.stream().map(e -> e.get("data") + ""))
                .satisfiesExactly(
                        newest -> assertThat(newest).contains("\"version\":2"),
                        first -> assertThat(first).contains("\"version\":1"));
        assertThat(events("node_service_instance_id: \"i1\", node_id: \"n2\"")).isEmpty();
    }

    @Test
    void anotherCustomersInstanceHasNoHistory() {
        // given
        String other = fleet.customer("south");
        committed(other, "theirs", 1);
        committed(customer, "i1", 1);

        // when
        List<Map<?, ?>> theirs = events(fleet.askAs(customer, query("node_service_instance_id: \"theirs\"")));
        List<Map<?, ?>> absent = events(fleet.askAs(customer, query("node_service_instance_id: \"absent\"")));

        // then
        assertThat(theirs).isEqualTo(absent).isEmpty();
    }

    @Test
    void aKeyOfOneDeviceReadsNoHistoryOfAnothersInstance() {
        committed(customer, "i1", 1);
        Caller neighbour = new Caller(
                FleetFixture.TESTER, Optional.of(customer), Role.VIEWER, Optional.of("n2"), Optional.empty());

        assertThat(events(fleet.askAs(neighbour, query("node_service_instance_id: \"i1\""))))
                .isEmpty();
    }

    /** The instance is on the device n1. */
    private void committed(String whose, String instance, int version) {
        fleet.storage.write(h -> fleet.events.append(
                h,
                new NewEvent(
                        whose,
                        EventType.INSTANCE_UPDATE_COMMITTED,
                        Subject.instance("n1", instance, "s1"),
                        Map.of("node_name", "gate", "service_name", "web", "version", version))));
    }

    @Test
    void eachTypeSaysWhatItTells() {
        assertThat(data(fleet.ask("{ DM_get_event_types { type version description fields } }")) + "")
                .contains(
                        "{type=instance.update_failed, version=1",
                        "from_version?",
                        "instance.volume_restored",
                        "webhook.ping");
        assertThatThrownBy(() -> new NewEvent(customer, EventType.NODE_ENROLLED, Subject.node("n"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageIsTheWholeEvent() {
        Event event = fleet.storage.write(h -> fleet.events.append(h, enrolled("q\"uay")));

        assertThat(new String(event.message(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"id\":\"" + event.eventId() + "\",\"type\":\"node.enrolled\",\"version\":1,\"timestamp\":\""
                                + java.time.Instant.ofEpochMilli(event.at()) + "\",\"customer_id\":\"" + customer
                                + "\",\"data\":{\"node_id\":\"q\\\"uay\",\"node_name\":\"q\\\"uay\"}}");
    }
}
