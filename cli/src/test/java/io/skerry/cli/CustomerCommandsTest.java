package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CustomerCommandsTest extends FleetScene {
    @Test
    void customersAndKeysAreMadeAndListed() throws IOException {
        cloud.answering(
                "Authz_get_api_keys",
                Sample.page(
                        "api_keys",
                        null,
                        Map.of(
                                "api_key_id",
                                "key-1",
                                "name",
                                "ci",
                                "role",
                                "deployer",
                                "created_at",
                                Sample.NOW,
                                "revoked_at",
                                Sample.NOW),
                        Map.of(
                                "api_key_id",
                                "key-2",
                                "name",
                                "screen",
                                "role",
                                "viewer",
                                "node_id",
                                Sample.QUAY,
                                "created_at",
                                Sample.NOW,
                                "expires_at",
                                Sample.NOW + 86_400_000L * 7)));
        shows("customer-ls.txt", "customer", "ls");
        shows("key-ls.txt", "key", "ls");
        assertThat(operator.runs("customer", "add", "harbour").out()).contains(Sample.CUSTOMER);
        assertThat(operator.runs("key", "add", "ci").out()).isEqualTo("skk_new\n");
        operator.runs("key", "add", "root", "--installation", "--role", "admin");
        operator.runs("key", "add", "screen", "--node", "quay", "--valid-days", "7");
        assertThat(operator.runs("key", "revoke", "key-1").code()).isZero();
        assertThat(cloud.asked("Authz_create_api_key"))
                .containsExactly(
                        Map.of("customer_id", Sample.CUSTOMER, "name", "ci", "role", "viewer"),
                        Map.of("name", "root", "role", "admin"),
                        Map.of(
                                "customer_id",
                                Sample.CUSTOMER,
                                "name",
                                "screen",
                                "role",
                                "viewer",
                                "node_id",
                                Sample.QUAY,
                                "valid_minutes",
                                7L * 24 * 60));
    }

    @Test
    void aCustomerIsRenamedByItsName() {
        cloud.answering("Authz_rename_customer", Sample.CUSTOMER);

        assertThat(operator.runs("customer", "rename", "harbour", "port").out()).contains("harbour is named port now");

        assertThat(cloud.asked("Authz_rename_customer"))
                .containsExactly(Map.of("customer_id", Sample.CUSTOMER, "name", "port"));
    }

    @Test
    void customersOnLaterPagesAreKnownToo() {
        cloud.answering(
                "Authz_get_customers",
                a -> a.get("cursor") == null
                        ? Sample.page("customers", "c-1", Sample.customer("c-1", "harbour"))
                        : Sample.page("customers", null, Sample.customer("c-2", "lighthouse")));
        operator.runs("node", "ls", "--customer", "lighthouse");
        assertThat(cloud.asked("DM_get_nodes").getFirst()).containsEntry("customer_id", "c-2");
    }

    @Test
    void keysOnLaterPagesAreListedToo() {
        cloud.answering(
                "Authz_get_api_keys",
                a -> a.get("cursor") == null
                        ? Sample.page("api_keys", "key-1", key("key-1", "ci"))
                        : Sample.page("api_keys", null, key("key-2", "screen")));
        assertThat(operator.runs("key", "ls").out()).contains("ci").contains("screen");
        assertThat(cloud.asked("Authz_get_api_keys"))
                .extracting(a -> a.get("cursor"))
                .containsExactly(null, "key-1");
    }

    private static Map<String, Object> key(String id, String name) {
        return Map.of("api_key_id", id, "name", name, "role", "viewer", "created_at", Sample.NOW);
    }

    @Test
    void severalCustomersNeedAChoice() {
        cloud.answering(
                "Authz_get_customers",
                Sample.page(
                        "customers", null, Sample.customer("c-1", "harbour"), Sample.customer("c-2", "lighthouse")));
        Operator.Result result = operator.runs("node", "ls");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("harbour, lighthouse").contains("--customer");
        operator.runs("node", "ls", "--customer", "lighthouse");
        assertThat(cloud.asked("DM_get_nodes").getFirst()).containsEntry("customer_id", "c-2");
    }
}
