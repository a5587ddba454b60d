package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an injected key is good for, who may have one made, and when it goes. */
@Tag(TestDatabase.TAG)
class InjectedKeysTest extends InjectedKeyScene {
    // --- what it is good for

    @Test
    void theKeyWorksForItsRoleAndFailsForOthers() {
        injected(", role: deployer, whole_customer: true");
        Caller container = caller(secret()).orElseThrow();

        data(fleet.askAs(container, "{ DM_get_nodes(customer_id: \"" + customer + "\") { nodes { name } } }"));
        assertThat(code(fleet.askAs(
                        container, "mutation { DM_create_claim_token(customer_id: \"" + customer + "\") }")))
                .isEqualTo("authorization.role");
        assertThat(code(fleet.askAs(
                        container,
                        "{ DM_get_nodes(customer_id: \"" + fleet.customer("south") + "\") { nodes { name } } }")))
                .isEqualTo("customer.unknown");
    }

    @Test
    void unlessMoreIsAskedItIsAViewersOfTheDeviceAlone() {
        injected("");
        Caller container = caller(secret()).orElseThrow();

        assertThat(container.role()).isEqualTo(Role.VIEWER);
        assertThat(data(fleet.askAs(container, "{ DM_get_node(node_id: \"" + node + "\") { name } }")) + "")
                .contains("alpha");
        fleet.node(customer, "beta", Architecture.AMD64);
        assertThat(data(fleet.askAs(
                        container, "{ DM_get_nodes(customer_id: \"" + customer + "\") { nodes { name } } }")))
                .hasToString("{DM_get_nodes={nodes=[{name=alpha}]}}");
    }

    @Test
    void theFileIsReadOnlyForTheContainerAndSaysTheKeyAlone() {
        injected(", mode: \"0440\"");

        assertThat(secret()).matches("skk_[A-Za-z0-9_-]{43}");
        assertThat(Objects.requireNonNull(told().workload().containers().get(instance))
                        .config()
                        .orElseThrow()
                        .files()
                        .getFirst()
                        .mode())
                .isEqualTo(0440);
    }

    @Test
    void nobodyIsShownIt() {
        injected("");
        String secret = secret();

        assertThat(listed())
                .contains("path=" + PATH, "mode=0400", "role=viewer", "whole_customer=false", "earlier=[]")
                .doesNotContain("skk_");
        assertThat(text(
                        fleet.ask("{ Authz_get_api_keys(customer_id: \"" + customer
                                + "\") { api_keys { api_key_id name role node_service_instance_id } } }"),
                        "Authz_get_api_keys"))
                .contains("node_service_instance_id=" + instance)
                .doesNotContain("skk_");
        assertThat(text(
                        fleet.ask("{ DM_get_node_service_instance_config(node_service_instance_id: \"" + instance
                                + "\") { path secret content_base64 digest } }"),
                        "DM_get_node_service_instance_config"))
                .contains("content_base64=null", "digest=null");
        for (String table : List.of(
                "instance_files", "desired_states", "audit_log", "api_keys", "injected_keys", "injected_key_turns")) {
            assertThat(fleet.storage
                            .read(h -> h.createQuery("SELECT * FROM " + table)
                                    .mapToMap()
                                    .list())
                            .toString())
                    .as(table)
                    .isNotEqualTo("[]")
                    .doesNotContain(secret);
        }
    }

    @Test
    void everyChangeLeavesALine() {
        String id = injected("");
        data(rotating(id, ", overlap_minutes: 0"));
        data(fleet.ask(
                "mutation { DM_update_injected_api_key(injected_api_key_id: \"" + id + "\", rotate_minutes: 60) }"));
        data(removing(id));

        assertThat(audited())
                .contains(
                        "operation=DM_inject_api_key",
                        "operation=Authz_create_api_key",
                        "operation=DM_rotate_injected_api_key",
                        "operation=Authz_revoke_api_key",
                        "operation=DM_update_injected_api_key",
                        "operation=DM_remove_injected_api_key");
    }

    // --- what it goes with

    @Test
    void itIsRevokedWithTheInstance() {
        injected("");
        String secret = secret();

        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));

        assertThat(good(secret)).isFalse();
    }

    @Test
    void itIsRevokedWithTheDevice() {
        injected(", whole_customer: true");
        String secret = secret();

        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));

        assertThat(good(secret)).isFalse();
    }

    @Test
    void itIsRevokedWithAnInstanceThatGoesBecauseItsDeviceLeavesAGroup() {
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        String trains = text(
                fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"trains\") }"),
                "Authz_create_group");
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + trains + "\") }"));
        data(fleet.ask("mutation { DM_add_group_node_service(group_id: \"" + trains + "\", node_service_id: \""
                + service + "\") }"));
        instance = told().workload().containers().keySet().iterator().next();
        injected("");
        String secret = secret();

        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: null) }"));

        assertThat(good(secret)).isFalse();
    }

    @Test
    void itIsRevokedAndGoneOnceItIsRemoved() {
        String id = injected("");
        String secret = secret();
        data(rotating(id, ""));
        String second = secret();

        data(removing(id));

        assertThat(good(secret)).isFalse();
        assertThat(good(second)).isFalse();
        assertThat(told().contents()).isEmpty();
        assertThat(listed()).isEqualTo("[]");
        assertThat(code(removing(id))).isEqualTo("injected-key.unknown");
    }

    // --- what is refused

    @Test
    void nobodyHasAKeyMadeThatMayDoMoreOrIsGoodForMoreOrLongerThanHisOwn() {
        Caller operator = made("operator", "");
        Caller ofDevice = made("admin", ", node_id: \"" + node + "\"");
        Caller shortly = made("operator", ", valid_minutes: 60");

        assertThat(code(fleet.askAs(operator, injection(instance, ", role: deployer"))))
                .isEqualTo("authorization.role");
        assertThat(code(fleet.askAs(operator, injection(instance, ", whole_customer: true"))))
                .isEqualTo("authorization.role");
        assertThat(code(fleet.askAs(ofDevice, injection(instance, ", whole_customer: true"))))
                .isEqualTo("api-key.out-of-bounds");
        assertThat(code(fleet.askAs(shortly, injection(instance, "")))).isEqualTo("api-key.out-of-bounds");
        assertThat(listed()).isEqualTo("[]");
        data(fleet.askAs(ofDevice, injection(instance, ", role: operator")));
    }

    @Test
    void anotherCustomersInstancesAndKeysAreAsIfAbsent() {
        String id = injected("");
        String south = fleet.customer("south");

        assertThat(code(fleet.askAs(south, injection(instance, "")))).isEqualTo("instance.unknown");
        for (String change : List.of("rotate", "update", "remove")) {
            assertThat(code(fleet.askAs(
                            south,
                            "mutation { DM_" + change + "_injected_api_key(injected_api_key_id: \"" + id + "\") }")))
                    .as(change)
                    .isEqualTo("injected-key.unknown");
        }
        assertThat(code(fleet.askAs(
                        south,
                        "{ DM_get_injected_api_keys(node_service_instance_id: \"" + instance + "\") { path } }")))
                .isEqualTo("instance.unknown");
    }

    @Test
    void itsFileIsItsOwn() {
        data(fleet.ask(setting("/etc/app.conf")));
        injected("");

        assertThat(code(fleet.ask(setting(PATH)))).isEqualTo("config.injected");
        assertThat(code(fleet.ask("mutation { DM_remove_node_service_instance_config(node_service_instance_id: \""
                        + instance + "\", paths: [\"" + PATH + "\"]) }")))
                .isEqualTo("config.injected");
        assertThat(code(fleet.ask(injection(instance, "")))).isEqualTo("config.exists");
        assertThat(code(fleet.ask(injection(instance, ", path: \"/etc/app.conf\""))))
                .isEqualTo("config.exists");
        assertThat(code(fleet.ask(injection(instance, ", path: \"/etc/app.conf/key\""))))
                .isEqualTo("config.clash");
        injected(", path: \"/run/secrets/second\"");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(code(fleet.ask(injection(instance, ", rotate_minutes: 59"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", rotate_minutes: 9223372036854775807"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", overlap_minutes: -1"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", overlap_minutes: 527041"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", path: \"etc/key\"")))).isEqualTo("input.malformed");
        assertThat(code(fleet.ask(injection(instance, ", path: \"/proc/key\""))))
                .isEqualTo("input.malformed");
        assertThat(code(fleet.ask(injection(instance, ", mode: \"0999\"")))).isEqualTo("input.malformed");
        assertThat(code(fleet.ask(injection(instance, ", role: god")))).isEqualTo("graphql.invalid");
        String id = injected("");
        assertThat(code(rotating(id, ", overlap_minutes: -1"))).isEqualTo("injected-key.out-of-bounds");
        assertThat(code(rotating("none", ""))).isEqualTo("injected-key.unknown");
    }

    @Test
    void aDeviceThatKnowsNoConfigurationFilesIsRefusedIt() {
        node = fleet.node(
                customer, "old", new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2));
        instance = added();

        assertThat(code(fleet.ask(injection(instance, "")))).isEqualTo("capability.unsupported");
        assertThat(listed()).isEqualTo("[]");
    }

    private Map<String, @Nullable Object> removing(String id) {
        return fleet.ask("mutation { DM_remove_injected_api_key(injected_api_key_id: \"" + id + "\") }");
    }

    private String setting(String path) {
        return "mutation { DM_set_node_service_instance_config(node_service_instance_id: \"" + instance
                + "\", files: [{path: \"" + path + "\", content: \"a\"}]) }";
    }
}
