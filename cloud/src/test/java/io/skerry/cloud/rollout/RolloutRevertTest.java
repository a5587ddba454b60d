package io.skerry.cloud.rollout;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.graphql.Sample;
import io.skerry.cloud.storage.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Going back: reverts, further attempts and versions that are retired. */
@Tag(TestDatabase.TAG)
class RolloutRevertTest extends RolloutScene {
    @Test
    void revertTakesEachDeviceBackToItsOwnEarlierVersionAndItCanBeStartedAnew() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        advance();
        Sample.version(fleet, service, 3);
        assertThat(told()).as("who has 2 keeps it").containsExactlyInAnyOrder(1L, 1L, 2L, 2L);
        List<Long> before = told();
        advance();
        allDone();
        advance();
        advance();
        assertThat(told()).containsOnly(3L);

        data(fleet.ask("mutation { DM_revert_rollout(rollout_id: \"" + id() + "\") }"));
        assertThat(told()).isEqualTo(before);
        advance();
        assertThat(told()).isEqualTo(before);

        String again = data(fleet.ask("mutation { DM_start_rollout(node_service_id: \"" + service + "\") }"))
                        .get("DM_start_rollout")
                + "";
        assertThat(again).isEqualTo(id());
        stands.clear();
        advance();
        assertThat(told()).contains(3L);
        allDone();
        advance();
        advance();
        assertThat(rollout()).contains("state=completed", "done=4");
        assertThat(told())
                .as("the earlier one of the same version says nothing any more")
                .containsOnly(3L);
    }

    @Test
    void revertAfterASecondAttemptTakesAlsoThoseBackThatHadTheVersionFromTheFirst() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        advance();
        change("abort");
        start();
        for (int i = 0; i < 3; i++) {
            allDone();
            advance();
        }
        assertThat(told()).containsOnly(2L);

        change("revert");

        assertThat(told()).containsOnly(1L);
    }

    @Test
    void secondAttemptGoesByThePolicyOfNow() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        change("abort");
        policy("{phases: [{count: 1}, {}]}");
        start();

        advance();

        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 1L, 2L);
    }

    @Test
    void revertAlsoHoldsForAnInstanceThatWasPinnedMeanwhile() {
        policy(HALVES);
        Sample.version(fleet, service, 2);
        advance();
        String pinned = first(2L);
        select(pinned, "{value: \"version:2\"}");
        change("revert");
        assertThat(told()).containsExactlyInAnyOrder(1L, 1L, 1L, 2L);

        select(pinned, "null");

        assertThat(told()).containsOnly(1L);
    }

    @Test
    void whoIsStillToBeToldOfARevertHasNotTheVersionWhenItIsStartedAnew() {
        policy("{phases: [{}]}");
        Sample.version(fleet, service, 2);
        advance();
        Map<String, String> withTwo = workloads();
        change("revert");
        // As when the control plane died before it had told any of them.
        fleet.storage.write(h -> {
            withTwo.forEach((node, workload) -> {
                h.execute("UPDATE desired_states SET workload = ? WHERE node_id = ?", workload, node);
                h.execute("INSERT INTO nodes_to_refresh (node_id) VALUES (?)", node);
            });
            return withTwo;
        });

        start();

        assertThat(rollout()).contains("total=4", "admitted=0");
        change("revert");
        assertThat(told()).containsOnly(1L);
    }

    @Test
    void newestVersionThatIsRetiredLeavesTheEarlierOneWhereItWasStopped() {
        policy("{phases: [{count: 1}, {}]}");
        Sample.version(fleet, service, 2);
        advance();
        List<Long> stopped = told();
        change("abort");
        Sample.version(fleet, service, 3);
        retire(3, true);
        assertThat(told()).as("aborted").isEqualTo(stopped);
        advance();
        retire(3, false);
        assertThat(told()).as("brought back").isEqualTo(stopped);
        start();
        advance();
        assertThat(told()).contains(3L).containsAnyOf(1L);
    }

    @Test
    void whoseRollOutWasSupersededStaysWhereItIsWhenTheNewerVersionIsRetired() {
        policy("{phases: [{count: 1}, {}]}");
        Sample.version(fleet, service, 2);
        advance();
        List<Long> stopped = told();
        Sample.version(fleet, service, 3);

        retire(3, true);
        advance();

        assertThat(told()).isEqualTo(stopped);
        start();
        for (int i = 0; i < 3; i++) {
            advance();
            allDone();
        }
        assertThat(told()).containsOnly(2L);
    }

    @Test
    void versionThatNewInstancesGetMeanwhileCantBeRemoved() {
        policy("{phases: [{count: 1}, {}]}");
        Sample.version(fleet, service, 2);
        fleet.storage.write(h -> h.execute("DELETE FROM instances"));
        retire(1, true);
        fleet.storage.write(h -> h.execute("DELETE FROM desired_states"));

        assertThat(code(fleet.ask("mutation { DM_remove_node_service_version(node_service_id: \"" + service
                        + "\", container_version: 1) }")))
                .isEqualTo("service.version-used");
    }

    private Map<String, String> workloads() {
        return fleet.storage.read(h -> h.createQuery("SELECT node_id, workload FROM desired_states")
                .map((rs, c) -> Map.entry(rs.getString(1), rs.getString(2)))
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
