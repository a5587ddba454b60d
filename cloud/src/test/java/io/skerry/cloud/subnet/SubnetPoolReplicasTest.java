package io.skerry.cloud.subnet;

import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.graphql.Sample;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.network.Subnet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one database give slices of the same range at the same time. */
@Tag(TestDatabase.POSTGRESQL)
class SubnetPoolReplicasTest {
    private static final int INSTANCES = 24;
    private static final LanSubnet LAN = new LanSubnet(
            Subnet.parse("access_provided_subnet", "10.190.0.1/16"),
            Optional.of(Subnet.parse("dhcp_range_template", "10.190.0.1/24")),
            Optional.empty());

    @AutoClose
    private final FleetFixture fleet;

    @AutoClose
    private final Storage other;

    private final String customer;
    private final List<String> instances = new ArrayList<>();

    SubnetPoolReplicasTest(@TempDir Path root) {
        fleet = FleetFixture.withoutImages(root);
        other = Storage.open(TestDatabase.of(root).orElseThrow());
        customer = fleet.customer("north");
        String service = Sample.service(fleet, customer, "web", 1);
        for (int i = 0; i < INSTANCES; i++) {
            String node = fleet.node(customer, "n" + i, Architecture.AMD64);
            instances.add(data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service
                                    + "\", node_id: \"" + node + "\") }"))
                            .get("DM_add_node_service_instance")
                    + "");
        }
    }

    @Test
    void noTwoInstancesGetTheSame() throws Exception {
        List<Future<Map<String, Problem>>> given = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < INSTANCES; i++) {
                Storage storage = i % 2 == 0 ? fleet.storage : other;
                List<String> one = List.of(instances.get(i));
                given.add(threads.submit(() -> storage.write(h -> SubnetPool.give(h, customer, one, LAN, List.of()))));
            }
        }

        for (Future<Map<String, Problem>> one : given) {
            assertThat(one.get()).isEmpty();
        }
        List<Long> firsts = fleet.storage.read(h -> h.createQuery(
                        "SELECT slice_first FROM instances WHERE customer_id = :customer ORDER BY slice_first")
                .bind("customer", customer)
                .mapTo(Long.class)
                .list());
        assertThat(firsts).hasSize(INSTANCES).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(firsts.getLast() - firsts.getFirst())
                .as("one after the other, without a gap")
                .isEqualTo((INSTANCES - 1) * 256L);
    }
}
