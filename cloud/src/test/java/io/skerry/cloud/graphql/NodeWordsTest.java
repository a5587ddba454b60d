package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people say of devices: labels and attributes, as they are asked for and refused. */
@Tag(TestDatabase.TAG)
class NodeWordsTest extends TenancyScene {
    @Test
    void labelsSelectDevicesThatHaveAllOfThem() {
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                + "\", labels: [{name: \"site\", value: \"berlin\"}, {name: \"canary\", value: \"\"}]) }"));
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + beta
                + "\", labels: [{name: \"site\", value: \"berlin\"}]) }"));

        assertThat(nodes("labels: [{name: \"site\", value: \"berlin\"}]")).containsExactly("alpha", "beta");
        assertThat(nodes("labels: [{name: \"site\", value: \"berlin\"}, {name: \"canary\", value: \"\"}]"))
                .containsExactly("alpha");
        assertThat(nodes("labels: [{name: \"site\", value: \"bonn\"}]")).isEmpty();
    }

    @Test
    void whatIsLeftOutOfANodesChangeStays() {
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                + "\", labels: [{name: \"site\", value: \"berlin\"}],"
                + " attributes: [{name: \"place\", value: \"second pole, behind the \\\"kiosk\\\"\"}]) }"));

        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"gamma\") }"));

        assertThat(data(fleet.ask("{ DM_get_node(node_id: \"" + node
                                + "\") { name labels { name value } attributes { name value } } }"))
                        + "")
                .contains("gamma", "site", "berlin", "second pole, behind the \"kiosk\"");
    }

    @Test
    void wordsThatMakeNoSenseAreRefused() {
        assertThat(code(label("a b", "x"))).isEqualTo("node.label-malformed");
        assertThat(code(label("a", "x y"))).isEqualTo("node.label-malformed");
        assertThat(code(label("a".repeat(64), "x"))).isEqualTo("node.label-malformed");
        assertThat(code(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                        + "\", labels: [{name: \"a\", value: \"1\"}, {name: \"a\", value: \"2\"}]) }")))
                .isEqualTo("input.twice");
        assertThat(code(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                        + "\", attributes: [{name: \"a\", value: \"" + "x".repeat(1025) + "\"}]) }")))
                .isEqualTo("node.attribute-malformed");
        fleet.node(customer, "beta", Architecture.AMD64);
        assertThat(code(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"beta\") }")))
                .isEqualTo("node.exists");
    }

    @Test
    void moreThanSixtyFourLabelsAreRefused() {
        String many = java.util.stream.IntStream.range(0, 65)
                .mapToObj(i -> "{name: \"l" + i + "\", value: \"\"}")
                .collect(Collectors.joining(", "));

        assertThat(code(fleet.ask("{ DM_get_nodes(customer_id: \"" + customer + "\", labels: [" + many
                        + "]) { nodes { name } } }")))
                .isEqualTo("input.too-many");
    }
}
