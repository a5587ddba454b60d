package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.storage.TimeCursor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is another customer's, or the installation's, is as if it weren't there. */
@Tag(TestDatabase.TAG)
class ForeignThingsTest extends FleetApiScene {
    ForeignThingsTest(@TempDir Path root) {
        super(root);
    }

    @Test
    void anotherCustomersThingsAreAsIfTheyWereNotThere() {
        String service = imported("web");
        String instance = added(service);
        String other = fleet.customer("rival");
        String absent = "00000000-0000-7000-8000-000000000000";
        for (String id : List.of(service, absent)) {
            assertThat(data(fleet.askAs(other, "{ DM_get_node_service(node_service_id: \"" + id + "\") { name } }")))
                    .containsEntry("DM_get_node_service", null);
        }
        same(
                other,
                "mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"" + node + "\") }",
                service,
                absent);
        same(
                other,
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"%s\"]) }",
                instance,
                absent);
        same(
                other,
                "mutation { DM_retry_node_service_instances(node_service_instance_ids: [\"%s\"]) }",
                instance,
                absent);
        same(other, "mutation { DM_remove_node(node_id: \"%s\") }", node, absent);
        same(other, "{ DM_get_node_services(customer_id: \"%s\") { next_cursor } }", customer, absent);
        same(other, "{ DM_get_nodes(customer_id: \"%s\") { next_cursor } }", customer, absent);
        same(
                other,
                "mutation { DM_import_node_service(input: {customer_id: \"%s\", node_service_input: {name: \"web\"}}) }",
                customer,
                absent);
        same(other, "mutation { DM_create_claim_token(customer_id: \"%s\") }", customer, absent);
        assertThat(data(fleet.askAs(
                        customer,
                        "mutation { DM_create_claim_token(customer_id: \"" + customer
                                + "\", uses: null, valid_minutes: null) }")))
                .containsKey("DM_create_claim_token");
        same(other, "mutation { Authz_create_api_key(customer_id: \"%s\", name: \"x\") }", customer, absent);
        same(
                other,
                "mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\"%s\"],"
                        + " version_target_selector: null) }",
                instance,
                absent);
        same(
                other,
                "mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \"%s\") }",
                node,
                absent);
        String key = fleet.key(customer, "ours").apiKeyId();
        String first = fleet.keyOfInstallation("operators").apiKeyId();
        for (String id : List.of(key, first)) {
            same(other, "mutation { Authz_revoke_api_key(api_key_id: \"%s\") }", id, absent);
        }
        same(other, "{ Authz_get_api_keys(customer_id: \"%s\") { api_keys { name } } }", customer, absent);
        same(other, "{ DM_get_node_service_imports(customer_id: \"%s\") { imports { state } } }", customer, absent);
        same(other, "{ DM_get_node_service_instances(customer_id: \"%s\") { next_cursor } }", customer, absent);
        same(other, "{ DM_get_node(node_id: \"%s\") { name } }", node, absent);
        same(other, "{ DM_get_node_service_instance(node_service_instance_id: \"%s\") { state } }", instance, absent);
        String started = fleet.imports
                .newest(customer, 1, TimeCursor.BEGINNING)
                .items()
                .getFirst()
                .importId();
        same(other, "{ DM_get_node_service_import(import_id: \"%s\") { state } }", started, absent);
        same(
                other,
                "mutation { DM_import_node_service(input: {customer_id: \"" + other
                        + "\", node_service_id: \"%s\", metadata: {memory_limit_mb: 64}}) }",
                service,
                absent);
        for (String installation : List.of(
                "{ Authz_get_api_keys { api_keys { name } } }",
                "mutation { Authz_create_api_key(name: \"mine\") }",
                "mutation { Authz_create_customer(name: \"mine\") }")) {
            assertThat(code(fleet.askAs(other, installation))).isEqualTo("authorization.installation");
        }
        assertThat(fleet.keys.find(key).orElseThrow().revokedAt()).isEmpty();
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isEmpty();
        same(other, "{ DM_get_node_service_rollout(node_service_id: \"%s\") { total } }", service, absent);
        assertThat(fleet.instances.find(instance)).isPresent();
    }

    @Test
    void theLastKeyOfTheInstallationCannotBeRevoked() {
        String first = fleet.keyOfInstallation("first").apiKeyId();
        fleet.key(customer, "ours");
        String revoking = "mutation { Authz_revoke_api_key(api_key_id: \"" + first + "\") }";
        assertThat(code(fleet.ask(revoking))).isEqualTo("api-key.last");
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isEmpty();

        fleet.keyOfInstallation("second");
        data(fleet.ask(revoking));
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isPresent();
        assertThat(data(fleet.ask(revoking))).as("a revoked one stays so").isNotEmpty();
    }

    @Test
    void onlyTheInstallationsKeysMakeCustomersAndSuchKeys() {
        assertThat(code(fleet.askAs(customer, "mutation { Authz_create_customer(name: \"x\") }")))
                .isEqualTo("authorization.installation");
        assertThat(code(fleet.askAs(customer, "mutation { Authz_create_api_key(name: \"x\") }")))
                .isEqualTo("authorization.installation");
        String secret = (String) value(
                fleet.askAs(
                        customer, "mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"ci\") }"),
                "Authz_create_api_key");
        assertThat(fleet.keys.authenticate("apikey " + secret).orElseThrow().sees(customer))
                .isTrue();
        var listed = fleet.ask("{ Authz_get_api_keys(customer_id: \"" + customer
                + "\") { api_keys { api_key_id name revoked_at } } }");
        assertThat(listed.toString()).contains("ci").doesNotContain(secret);
    }
}
