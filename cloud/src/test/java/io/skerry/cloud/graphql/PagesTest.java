package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is long comes page by page, all of it and nothing twice. */
@Tag(TestDatabase.TAG)
class PagesTest extends FleetApiScene {
    PagesTest(@TempDir Path root) {
        super(root);
    }

    @Test
    void pagesThroughServicesAndDevices() {
        imported("a");
        imported("b");
        imported("c");
        Map<?, ?> first = services("take: 2");
        assertThat(names(first)).containsExactly("a", "b");
        Map<?, ?> second = services("take: 2, cursor: \"" + first.get("next_cursor") + "\"");
        assertThat(names(second)).containsExactly("c");
        assertThat(second.get("next_cursor")).isNull();
        assertThat(names(services("name: \"b\""))).containsExactly("b");
        assertThat(code(fleet.ask(
                        "{ DM_get_node_services(customer_id: \"" + customer + "\", take: 201) { next_cursor } }")))
                .isEqualTo("input.out-of-range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DM_get_nodes(customer_id: $c, cursor: $x)",
                "DM_get_node_services(customer_id: $c, cursor: $x)",
                "DM_get_node_service_instances(customer_id: $c, cursor: $x)",
                "DM_get_node_service_imports(customer_id: $c, cursor: $x)",
                "DM_get_rollouts(customer_id: $c, cursor: $x)",
                "DM_get_update_windows(customer_id: $c, cursor: $x)",
                "DM_get_group_node_services(customer_id: $c, cursor: $x)",
                "DM_get_absent_instances(customer_id: $c, cursor: $x)",
                "DM_get_events(customer_id: $c, cursor: $x)",
                "DM_get_claim_tokens(customer_id: $c, cursor: $x)",
                "Authz_get_groups(customer_id: $c, cursor: $x)",
                "Authz_get_api_keys(customer_id: $c, cursor: $x)",
                "Authz_get_login_rules(customer_id: $c, cursor: $x)",
                "Authz_get_audit_log(customer_id: $c, cursor: $x)",
                "Authz_get_customers(cursor: $x)"
            })
    void aCursorThatNoPageCanHaveHadIsRefusedInsteadOfBeingTheEnd(String list) {
        for (String cursor : List.of("x", " ", "' OR 1=1", "019", "-1", "\\u0000")) {
            assertThat(code(fleet.ask(
                            "{ " + list.replace("$c", "\"" + customer + "\"").replace("$x", "\"" + cursor + "\"")
                                    + " { next_cursor } }")))
                    .as(cursor)
                    .isEqualTo("input.cursor-unknown");
        }
    }

    @Test
    void aRolloutsInstancesAreReachedPageByPageAndThoseThatFollowAnotherVersionAreNotAmongThem() {
        String service = imported("web");
        List<String> followers = List.of(added(service), added(service), added(service));
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + followers.get(1) + "\"], version_target_selector: {value: \"version:1\"}) }"));
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + added(service) + "\"], version_target_selector: {value: \"disabled\"}) }"));

        Map<?, ?> first = rolloutPage(service, "number: total ", "take: 2");
        assertThat(first.get("number")).isEqualTo(3L);
        Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(first.get("instances"));
        assertThat(page.get("instances") + "")
                .contains(followers.get(0), followers.get(1))
                .doesNotContain(followers.get(2));
        Map<?, ?> second = rolloutPage(service, "", "take: 2, cursor: \"" + page.get("next_cursor") + "\"");
        assertThat(second)
                .hasToString("{instances={instances=[{node_service_instance_id=" + followers.get(2)
                        + "}], next_cursor=null}}");

        assertThat(code(fleet.ask("{ DM_get_node_service_rollout(node_service_id: \"" + service
                        + "\") { instances(take: 201) { next_cursor } } }")))
                .isEqualTo("input.out-of-range");
    }

    @Test
    void allVersionsOfServicesAreReachedPageByPage() {
        String web = imported("web");
        imported("web");
        imported("web");
        String other = imported("other");
        String page = "{ DM_get_node_services(customer_id: \"" + customer
                + "\") { services { node_service_id versions(take: 2%s) { versions { container_version } next_cursor } } } }";

        assertThat(object(fleet.ask(page.formatted("")), "DM_get_node_services"))
                .hasToString("{services=[{node_service_id=" + web
                        + ", versions={versions=[{container_version=3}, {container_version=2}], next_cursor=2}},"
                        + " {node_service_id=" + other
                        + ", versions={versions=[{container_version=1}], next_cursor=null}}]}");
        assertThat(object(fleet.ask(page.formatted(", cursor: \"2\"")), "DM_get_node_services") + "")
                .contains("{versions=[{container_version=1}], next_cursor=null}");
        assertThat(code(fleet.ask(page.formatted(", cursor: \"second\"")))).isEqualTo("input.cursor-unknown");
        assertThat(code(fleet.ask("{ DM_get_node_service(node_service_id: \"" + web
                        + "\") { versions(take: 201) { next_cursor } } }")))
                .isEqualTo("input.out-of-range");
    }

    @Test
    void allImportsAreReachedPageByPageAlsoThoseThatBeganAtOnce() {
        imported("web");
        imported("web");
        fleet.later(Duration.ofMinutes(1));
        imported("web");
        List<String> numbers = new ArrayList<>();
        String cursor = "";
        do {
            Map<?, ?> page = object(
                    fleet.ask("{ DM_get_node_service_imports(customer_id: \"" + customer + "\", take: 1, cursor: \""
                            + cursor + "\") { imports { container_version } next_cursor } }"),
                    "DM_get_node_service_imports");
            numbers.add(page.get("imports") + "");
            cursor = page.get("next_cursor") instanceof String next ? next : "";
        } while (!cursor.isEmpty());

        assertThat(numbers)
                .hasSize(3)
                .startsWith("[{container_version=3}]")
                .contains("[{container_version=2}]", "[{container_version=1}]");
        assertThat(code(fleet.ask("{ DM_get_node_service_imports(customer_id: \"" + customer
                        + "\", cursor: \"x\") { next_cursor } }")))
                .isEqualTo("input.cursor-unknown");
    }

    private static List<Object> names(Map<?, ?> page) {
        if (!(page.get("services") instanceof List<?> services)) {
            throw new AssertionError("no services in " + page);
        }
        return services.stream()
                .<Object>map(s -> String.valueOf(((Map<?, ?>) s).get("name")))
                .toList();
    }

    private Map<?, ?> rolloutPage(String service, String fields, String arguments) {
        return object(
                fleet.ask("{ DM_get_node_service_rollout(node_service_id: \"" + service + "\") { " + fields
                        + "instances(" + arguments + ") { instances { node_service_instance_id } next_cursor } } }"),
                "DM_get_node_service_rollout");
    }
}
