package io.skerry.cloud.observation;

import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.observation.Statuses.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.graphql.Sample;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What devices say and that they come and go, over real storage. */
@Tag(TestDatabase.TAG)
class ObserversTest {
    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;
    private String node;
    private PresenceObserver presence;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        customer = fleet.customer("north");
        node = fleet.node(customer, "quay", Architecture.AMD64);
        presence = new PresenceObserver(fleet.storage, fleet.presence, fleet.events, fleet.time());
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private List<String> events() {
        Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(data(fleet.ask("{ DM_get_events(customer_id: \"" + customer
                        + "\", oldest_first: true, take: 200) { events { type data } } }"))
                .get("DM_get_events"));
        List<String> events = new ArrayList<>();
        ((List<?>) Objects.requireNonNull(page.get("events"))).forEach(e -> {
            Map<?, ?> event = (Map<?, ?>) e;
            events.add(event.get("type") + " " + event.get("data"));
        });
        return events;
    }

    private List<String> types() {
        return events().stream().map(e -> e.substring(0, e.indexOf(' '))).toList();
    }

    private Position told() {
        return fleet.desired.position(node).orElseThrow();
    }

    @Test
    void anUpdateIsToldFromItsBeginningToItsEnd() {
        String service = Sample.service(fleet, customer, "web", 1);
        String instance = data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                                + "\", node_id: \"" + node + "\") }"))
                        .get("DM_add_node_service_instance")
                + "";
        fleet.statuses.reported(
                node,
                settled(0, Map.of()).accepting(told()).during(Phase.FETCHING).status());
        fleet.statuses.reported(
                node, settled(1, Map.of(instance, 1L)).accepting(told()).status());
        Sample.version(fleet, service, 2);
        fleet.statuses.reported(
                node,
                settled(1, Map.of(instance, 1L))
                        .accepting(told())
                        .during(Phase.FETCHING)
                        .status());
        fleet.statuses.reported(
                node,
                settled(1, Map.of(instance, 1L))
                        .accepting(told())
                        .holdingBack(
                                instance,
                                2,
                                Outcome.Result.ROLLED_BACK,
                                new Problem("container.exited", "The container " + instance + " ended.", "Look."))
                        .status());

        assertThat(types())
                .containsExactly(
                        "instance.update_begun",
                        "instance.update_committed",
                        "instance.update_begun",
                        "instance.update_rolled_back");
        assertThat(events().get(3))
                .contains(
                        "\"node_id\":\"" + node + "\"",
                        "\"node_name\":\"quay\"",
                        "\"node_service_instance_id\":\"" + instance + "\"",
                        "\"service_name\":\"web\"",
                        "\"from_version\":1,",
                        "\"version\":2}",
                        // Called as people know it.
                        "{\"code\":\"container.exited\",\"message\":\"The container web ended.\"");
        assertThat(events().getFirst()).doesNotContain("from_version");
    }

    @Test
    void aVolumeThatWasPutBackIsToldWithTheIntervalThatWasGivenUp() {
        String service = Sample.service(fleet, customer, "web", 1);
        String instance = data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                                + "\", node_id: \"" + node + "\") }"))
                        .get("DM_add_node_service_instance")
                + "";
        Statuses well = settled(1, Map.of(instance, 1L)).accepting(told());
        fleet.statuses.reported(node, well.status());

        Statuses after = well.givingUp(
                new GivenUp.Interval(3, "gone", "log", 1_000, 61_000),
                new GivenUp.Interval(2, instance, "data", 1_000, 43_000));
        fleet.statuses.reported(node, after.status());
        fleet.statuses.reported(node, after.again().status());

        assertThat(types()).containsExactly("instance.volume_restored", "instance.volume_restored");
        assertThat(events().getFirst())
                .contains(
                        "\"node_id\":\"" + node + "\",\"node_name\":\"quay\"",
                        "\"node_service_instance_id\":\"" + instance + "\"",
                        "\"restored_at\":\"1970-01-01T00:00:43Z\",\"revision\":2,\"service_name\":\"web\"",
                        "\"taken_at\":\"1970-01-01T00:00:01Z\",\"volume\":\"data\"");
        assertThat(events().getLast())
                .contains("\"node_service_instance_id\":\"gone\"", "\"volume\":\"log\"")
                .doesNotContain("service_name", "node_service_id");
    }

    @Test
    void aStatusThatTellsNothingNewWritesNothingHere() {
        Statuses status = settled(3, Map.of("a", 1L)).having(new Problem("disk.full", "It is.", ""));
        fleet.statuses.reported(node, status.status());
        String before = written();

        for (int i = 0; i < 3; i++) {
            status = status.again();
            fleet.statuses.reported(node, status.status());
        }

        assertThat(types()).isEmpty();
        assertThat(written()).isEqualTo(before);
        assertThat(StatusObserver.counts(status.status()))
                .isEqualTo(StatusObserver.counts(status.again().status()))
                .isNotEqualTo(StatusObserver.counts(status.having().status()));
    }

    /** What the database says of when the row was written last: on either engine the same bytes stay where they are. */
    private String written() {
        return fleet.storage.read(h -> h.createQuery("SELECT seen || told FROM node_status_told WHERE node_id = :id")
                .bind("id", node)
                .mapTo(String.class)
                .one());
    }

    @Test
    void aFullDiskIsToldWhenItBeginsAndWhenItIsOver() {
        fleet.statuses.reported(node, settled(3, Map.of()).status());
        fleet.statuses.reported(
                node,
                settled(3, Map.of())
                        .having(new Problem("disk.full", "There is no room.", "Make some."))
                        .status());
        fleet.statuses.reported(node, settled(3, Map.of()).status());

        assertThat(types()).containsExactly("node.problem_began", "node.problem_ended");
        assertThat(events().getFirst())
                .contains(
                        "\"problem\":{\"code\":\"disk.full\",\"message\":\"There is no room.\",\"remedy\":\"Make some.\"}");
    }

    @Test
    void aDeviceThatComesIsToldAtOnceAndOneThatGoesAfterAWhile() {
        presence.look();
        assertThat(types()).isEmpty();

        fleet.presence.heard(node);
        presence.look();
        presence.look();
        assertThat(types()).containsExactly("node.online");

        away(Duration.ofMinutes(2));
        presence.look();
        away(Duration.ofMinutes(1));
        presence.look();
        assertThat(types()).containsExactly("node.online");
        away(Duration.ofMinutes(1));
        presence.look();
        presence.look();
        assertThat(types()).containsExactly("node.online", "node.offline");
    }

    private void away(Duration forThis) {
        fleet.later(forThis);
    }

    @Test
    void aFlappingModemIsToldFewTimesAndItsEndAlways() {
        for (int i = 0; i < 24 * 6; i++) {
            fleet.presence.heard(node);
            presence.look();
            away(Duration.ofMinutes(5));
            presence.look();
            away(Duration.ofMinutes(5));
            presence.look();
        }
        int flapping = types().size();
        for (int i = 0; i < 12; i++) {
            away(Duration.ofMinutes(6));
            presence.look();
        }

        // A day of twelve changes an hour.
        assertThat(flapping).isBetween(2, 24);
        assertThat(types().getLast()).isEqualTo("node.offline");
    }

    @Test
    void whoIsAwayShortlyIsNotTold() {
        fleet.presence.heard(node);
        presence.look();
        for (int i = 0; i < 50; i++) {
            away(Duration.ofSeconds(90));
            presence.look();
            fleet.presence.heard(node);
            presence.look();
        }

        assertThat(types()).containsExactly("node.online");
    }

    private void beginAnew() {
        Duration ahead = fleet.ahead();
        fleet.close();
        fleet = FleetFixture.withoutImages(folder);
        fleet.later(ahead);
        presence = new PresenceObserver(fleet.storage, fleet.presence, fleet.events, fleet.time());
    }

    @Test
    void aControlPlaneThatBeginsWaitsForThoseWhoWereThereAndForNobodyElse() {
        fleet.node(customer, "never seen", Architecture.AMD64);
        fleet.presence.heard(node);
        presence.look();
        beginAnew();

        presence.look();
        assertThat(fleet.presence.isSettled()).isFalse();
        fleet.presence.heard(node);
        presence.look();
        assertThat(fleet.presence.isSettled()).isTrue();
    }

    @Test
    void aControlPlaneThatBeginsTellsNobodyAsAwayWhoMayCallYet() {
        fleet.presence.heard(node);
        presence.look();
        beginAnew();

        presence.look();
        away(Duration.ofSeconds(100));
        presence.look();
        fleet.presence.heard(node);
        away(Duration.ofSeconds(25));
        presence.look();

        assertThat(types()).containsExactly("node.online");
    }

    @Test
    void twoThatLookTellOnce() {
        var other = new PresenceObserver(fleet.storage, fleet.presence, fleet.events, fleet.time());
        fleet.presence.heard(node);

        presence.look();
        other.look();

        assertThat(types()).containsExactly("node.online");
    }
}
