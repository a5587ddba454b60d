package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cloud with a service on two devices, and an operator at it. */
abstract class FleetScene {
    @TempDir
    private Path settings;

    FakeCloud cloud;
    Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> onQuay = Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", "healthy", 2, 2);
        Map<String, Object> onBuoy =
                Sample.rolledBack(Sample.instance(Sample.WEB_ON_BUOY, Sample.BUOY, "buoy", "trial", 1, 2));
        Map<String, Object> quay = new HashMap<>(Sample.node(Sample.QUAY, "quay", true));
        quay.put("instances", List.of(onQuay));
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_get_node_services", Sample.page("services", null, Sample.service(Sample.WEB, "web", 2)))
                .answering("DM_get_node_service", Sample.service(Sample.WEB, "web", 2))
                .answering("DM_get_nodes", Sample.page("nodes", null, quay, Sample.node(Sample.BUOY, "buoy", false)))
                .answering("DM_get_node", quay)
                .answering("DM_get_node_service_instances", Sample.page("instances", null, onQuay, onBuoy))
                .answering("DM_get_node_service_instance", onQuay)
                .answering("DM_get_events", Sample.page("events", null))
                .answering("DM_update_node_service_instance_rollout_config", a -> a.get("node_service_instance_ids"))
                .answering("DM_remove_node_service_instances", a -> a.get("node_service_instance_ids"))
                .answering("DM_retry_node_service_instances", a -> a.get("node_service_instance_ids"))
                .answering("DM_add_node_service_instance", Sample.WEB_ON_QUAY)
                .answering("DM_create_claim_token", "skc1_token")
                .answering("DM_remove_node", Sample.QUAY)
                .answering("Authz_create_customer", Sample.CUSTOMER)
                .answering("Authz_create_api_key", "skk_new")
                .answering("Authz_revoke_api_key", "key-1")
                .answering("DM_get_node_service_rollout", Sample.rollout(2, 1, 0, 1, onQuay, onBuoy));
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    final void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out().replace(cloud.url(), "https://cloud.example:7443"));
    }
}
