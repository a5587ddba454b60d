package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Devices that can't have, or can't have yet, what their groups have. */
@Tag(TestDatabase.TAG)
class GroupAbsenceTest extends GroupScene {

    @Test
    void whoCantHaveItJoinsAllTheSameAndTheReasonIsShown() {
        String beta = fleet.node(customer, "beta", Architecture.ARM64);
        place(alpha, trains);
        place(beta, trains);

        String rule = added(trains, web);

        assertThat(on(alpha)).hasSize(1);
        assertThat(on(beta)).isEmpty();
        assertThat(absent())
                .contains("service_name=web, group_name=trains, node_name=beta")
                .contains("code=instance.architecture-missing")
                .doesNotContain("alpha");
        assertThat(data(fleet.ask("{ DM_get_node(node_id: \"" + beta
                                + "\") { absent_instances { service_name reason { code } } } }"))
                        + "")
                .contains("instance.architecture-missing");
        assertThat(data(fleet.ask("{ DM_get_group_node_service(group_node_service_id: \"" + rule
                                + "\") { group_name service_name instance_count absent_count } }"))
                        + "")
                .contains("instance_count=1, absent_count=1");
    }

    @Test
    void aVersionThatItCanHaveBringsIt() {
        String beta = fleet.node(customer, "beta", Architecture.ARM64);
        place(beta, trains);
        added(trains, web);

        importing("web", "arm64", "");

        assertThat(on(beta)).containsExactly("web trains null");
        assertThat(told(beta)).containsExactly("web 2");
        assertThat(absent()).doesNotContain("beta");
    }

    @Test
    void capabilitiesThatItReportsBringIt() {
        String gate = imported(
                "gate",
                "network_config: { lan_configure_network: dhcp }"
                        + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range_template: \"10.190.0.1/24\"");
        place(alpha, trains);
        added(trains, gate);
        assertThat(absent()).contains("capability.unsupported");

        able(alpha);

        assertThat(on(alpha)).containsExactly("gate trains null");
        assertThat(absent()).doesNotContain("alpha");
    }

    private void able(String node) {
        fleet.statuses.reported(node, DeviceStatuses.idle(networked()));
    }

    private static Capabilities networked() {
        return new Capabilities(
                1, Architecture.AMD64, List.of("runc"), List.of("allocated", "dhcp"), FleetFixture.FEATURES, 2);
    }

    @Test
    void whatItIsToBeStartedAfterBringsIt() {
        String broker = imported("broker", "");
        String app = after("app", "broker");
        place(alpha, trains);
        added(trains, app);
        assertThat(absent()).contains("instance.after-missing");

        data(byHand(broker, alpha));

        assertThat(on(alpha)).containsExactlyInAnyOrder("broker by hand null", "app trains null");
    }

    @Test
    void servicesThatNeedEachOtherComeTogether() {
        String broker = imported("broker", "");
        added(trains, after("app", "broker"));
        added(trains, broker);

        place(alpha, trains);

        assertThat(told(alpha)).containsExactlyInAnyOrder("broker 1", "app 1");
    }

    @Test
    void addressesAreGivenAsFarAsTheyGoAndWhatBecomesFreeIsGivenToWhoWaits() {
        String gate = imported(
                "gate",
                "network_config: { lan_configure_network: dhcp }"
                        + " access_provided_subnet: \"10.190.0.1/23\" dhcp_range_template: \"10.190.0.1/24\"");
        List<String> nodes = List.of("n1", "n2", "n3", "n4").stream()
                .map(name -> fleet.node(customer, name, networked()))
                .toList();
        nodes.forEach(n -> place(n, trains));
        added(trains, gate);

        assertThat(nodes.stream().map(n -> on(n).size())).containsExactly(1, 1, 0, 0);
        assertThat(instances(nodes.getFirst()).toString()).contains("range=10.190.0.0/24");
        assertThat(absent()).contains("subnet.exhausted");

        place(nodes.getFirst(), "");
        fleet.absent.retryExhausted();

        assertThat(nodes.stream().map(n -> on(n).size())).containsExactly(0, 1, 1, 0);
        assertThat(instances(nodes.get(2)).toString()).contains("range=10.190.0.0/24");
    }

    @Test
    void whoCantHaveItIsToldOfNoMoreOnceItHasLeft() {
        String beta = fleet.node(customer, "beta", Architecture.ARM64);
        place(beta, trains);
        added(trains, web);

        place(beta, "");

        assertThat(absent()).doesNotContain("beta");
    }
}
