package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** API keys, as they are asked for and refused. */
@Tag(TestDatabase.TAG)
class ApiKeyFieldsTest extends TenancyScene {
    @Test
    void aKeyIsAViewersUnlessMoreIsAsked() {
        data(fleet.ask("mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"screen\") }"));

        assertThat(keys(customer)).contains("name=screen", "role=viewer", "expires_at=null");
    }

    @Test
    void aKeyThatHasExpiredIsNobodys() {
        String secret = secret("name: \"short\", valid_minutes: 1");
        assertThat(fleet.keys.authenticate("apikey " + secret)).isPresent();

        fleet.later(java.time.Duration.ofMinutes(1));

        assertThat(fleet.keys.authenticate("apikey " + secret)).isEmpty();
    }

    @Test
    void aKeyThatExpiresMakesNoneThatLastsLonger() {
        Caller shortly = fleet.keys
                .authenticate("apikey " + secret("name: \"short\", role: admin, valid_minutes: 60"))
                .orElseThrow();
        String making = "mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"more\"%s) }";

        assertThat(code(fleet.askAs(shortly, making.formatted("")))).isEqualTo("api-key.out-of-bounds");
        assertThat(code(fleet.askAs(shortly, making.formatted(", valid_minutes: 61"))))
                .isEqualTo("api-key.out-of-bounds");
        data(fleet.askAs(shortly, making.formatted(", valid_minutes: 59")));
    }

    @Test
    void whatACallAsksForAfterItsKeyWasRevokedIsRefused() {
        Caller caller = fleet.keys
                .authenticate("apikey " + secret("name: \"going\", role: admin"))
                .orElseThrow();
        String own = caller.apiKeyId();

        Map<String, @Nullable Object> answer = fleet.askAs(
                caller,
                "mutation { a: Authz_revoke_api_key(api_key_id: \"" + own
                        + "\") b: Authz_create_api_key(customer_id: \"" + customer + "\", name: \"more\") }");

        assertThat(code(answer)).isEqualTo("api-key.refused");
        assertThat(keys(customer)).doesNotContain("name=more");
    }

    @Test
    void explicitNullsAreRefusedByTheSchema() {
        assertThat(code(create("name: \"x\", role: null"))).isEqualTo("graphql.invalid");
    }

    @Test
    void aKeyOfOneDeviceSeesThatDeviceAndNothingElse() {
        String other = fleet.node(customer, "beta", Architecture.AMD64);
        Caller caller = fleet.keys
                .authenticate("apikey " + secret("name: \"one\", role: admin, node_id: \"" + node + "\""))
                .orElseThrow();

        assertThat(data(fleet.askAs(caller, "{ DM_get_node(node_id: \"" + node + "\") { name } }")) + "")
                .contains("alpha");
        assertThat(data(fleet.askAs(
                        caller,
                        "{ DM_get_nodes(customer_id: \"" + customer + "\") { nodes { node_id } next_cursor } }")))
                .as("a list of that device alone")
                .hasToString("{DM_get_nodes={nodes=[{node_id=" + node + "}], next_cursor=null}}");
        assertThat(data(fleet.askAs(caller, "{ DM_get_node(node_id: \"" + other + "\") { name } }")) + "")
                .contains("DM_get_node=null");
        for (String call : List.of(
                "{ DM_get_node_services(customer_id: \"" + customer + "\") { services { name } } }",
                "{ Authz_get_api_keys(customer_id: \"" + customer + "\") { api_keys { name } } }",
                "{ Authz_get_audit_log(customer_id: \"" + customer + "\") { entries { operation } } }",
                "mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"more\", role: admin) }")) {
            assertThat(code(fleet.askAs(caller, call))).as(call).isEqualTo("customer.unknown");
        }
        assertThat(code(fleet.askAs(caller, "mutation { DM_remove_node(node_id: \"" + node + "\") }")))
                .isEqualTo("node.unknown");
    }

    @Test
    void theKeysOfADeviceGoWithIt() {
        String secret = secret("name: \"one\", node_id: \"" + node + "\"");

        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));

        assertThat(fleet.keys.authenticate("apikey " + secret)).isEmpty();
    }

    @Test
    void keysThatMakeNoSenseAreRefused() {
        String other = fleet.customer("south");
        assertThat(code(create("name: \"x\", valid_minutes: 0"))).isEqualTo("api-key.out-of-bounds");
        assertThat(code(create("name: \"x\", valid_minutes: 9223372036854775807")))
                .isEqualTo("api-key.out-of-bounds");
        assertThat(code(create("name: \"x\", node_id: \"none\""))).isEqualTo("node.unknown");
        assertThat(code(fleet.ask("mutation { Authz_create_api_key(name: \"x\", node_id: \"" + node + "\") }")))
                .isEqualTo("api-key.contradiction");
        assertThat(code(fleet.ask("mutation { Authz_create_api_key(customer_id: \"" + other
                        + "\", name: \"x\", node_id: \"" + node + "\") }")))
                .isEqualTo("node.unknown");
    }

    @Test
    void aNameHasNothingUnseenInIt() {
        // Turns the direction of what follows it: shown, the name ends in "admin".
        assertThat(code(fleet.ask("mutation { Authz_create_api_key(name: \"screen \\u202enimda\") }")))
                .isEqualTo("api-key.name-malformed");
    }

    @Test
    void theLastKeyThatLastsAndMayDoEverythingCantBeRevoked() {
        String first = fleet.keyOfInstallation("first").apiKeyId();
        data(fleet.ask("mutation { Authz_create_api_key(name: \"short\", role: admin, valid_minutes: 60) }"));
        data(fleet.ask("mutation { Authz_create_api_key(name: \"screen\", role: viewer) }"));

        assertThat(code(fleet.ask("mutation { Authz_revoke_api_key(api_key_id: \"" + first + "\") }")))
                .isEqualTo("api-key.last");
    }

    @Test
    void allKeysAreReachedPageByPageAndThoseOfOthersAreNotAmongThem() {
        fleet.keyOfInstallation("root");
        fleet.customer("south");
        for (int i = 0; i < 5; i++) {
            secret("name: \"key-" + i + "\"");
        }

        assertThat(walked("customer_id: \"" + customer + "\", "))
                .containsExactly("key-0", "key-1", "key-2", "key-3", "key-4");
        assertThat(walked("")).containsExactly("root");
    }

    /** The names on all pages of two. */
    private List<String> walked(String arguments) {
        List<String> names = new ArrayList<>();
        String cursor = "";
        while (true) {
            Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(data(fleet.ask("{ Authz_get_api_keys(" + arguments
                            + "take: 2, cursor: \"" + cursor + "\") { api_keys { name } next_cursor } }"))
                    .get("Authz_get_api_keys"));
            List<?> keys = list(page, "api_keys");
            assertThat(keys).hasSizeLessThanOrEqualTo(2);
            keys.forEach(k -> names.add(((Map<?, ?>) k).get("name") + ""));
            if (!(page.get("next_cursor") instanceof String next)) {
                return names;
            }
            cursor = next;
        }
    }

    private String keys(String of) {
        return data(fleet.ask("{ Authz_get_api_keys(customer_id: \"" + of
                        + "\") { api_keys { name role node_id expires_at revoked_at } } }"))
                + "";
    }
}
