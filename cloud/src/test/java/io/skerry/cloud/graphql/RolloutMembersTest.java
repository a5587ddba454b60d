package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which instances a roll-out has brought how far, by the API. Three devices, none connected, follow a service. */
@Tag(TestDatabase.TAG)
class RolloutMembersTest {
    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        customer = fleet.customer("north");
        String service = Sample.service(fleet, customer, "web", 1);
        for (int i = 0; i < 3; i++) {
            String node = fleet.node(customer, "n" + i, Architecture.AMD64);
            data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                    + node + "\") }"));
        }
        data(fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service
                + "\", policy: {phases: [{count: 1}, {}]}) }"));
        Sample.version(fleet, service, 2);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void membersComeByPageWithWhatTheyRanAndWhereTheyAre() {
        String first = members("take: 2");

        assertThat(first)
                .contains("instance={node_name=n0}", "instance={node_name=n1}", "state=unreachable", "before_version=1")
                .doesNotContain("n2");
        String cursor = first.replaceFirst("(?s).*next_cursor=([0-9a-f-]+).*", "$1");
        assertThat(members("take: 2, cursor: \"" + cursor + "\""))
                .contains("instance={node_name=n2}", "next_cursor=null");
    }

    @Test
    void theyAreAskedForByPhaseAndByState() {
        assertThat(members("phase: 1").split("node_name", -1)).hasSize(2);
        assertThat(members("phase: 2, states: [unreachable, failed]").split("node_name", -1))
                .hasSize(3);
        assertThat(members("states: [failed]")).contains("members=[]");
        assertThat(members("phase: null, states: null").split("node_name", -1)).hasSize(4);
    }

    @Test
    void phaseThatThereCantBeIsRefused() {
        for (String phase : List.of("0", "-1", "101")) {
            assertThat(code(asked("phase: " + phase))).as(phase).isEqualTo("input.out-of-range");
        }
        assertThat(code(asked("cursor: \"x\""))).isEqualTo("input.cursor-unknown");
    }

    @Test
    void othersSeeNoMembers() {
        String other = fleet.customer("south");

        assertThat(code(fleet.askAs(other, asking("take: 1")))).isEqualTo("customer.unknown");
    }

    @Test
    void stateThatThereIsntIsRefused() {
        assertThat(fleet.ask("{ DM_get_rollouts(customer_id: \"" + customer
                        + "\") { rollouts { members(states: [lost]) { next_cursor } } } }"))
                .asString()
                .contains("DM_rollout_member_state");
    }

    private String members(String arguments) {
        return data(asked(arguments)).toString();
    }

    private Map<String, @Nullable Object> asked(String arguments) {
        return fleet.ask(asking(arguments));
    }

    private String asking(String arguments) {
        return "{ DM_get_rollouts(customer_id: \"" + customer + "\") { rollouts { members(" + arguments
                + ") { members { phase state admitted before_version instance { node_name } } next_cursor } } } }";
    }
}
