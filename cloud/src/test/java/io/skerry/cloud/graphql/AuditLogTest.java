package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.wire.ClaimToken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which changes the audit log has, and who reads it. */
@Tag(TestDatabase.TAG)
class AuditLogTest extends TenancyScene {
    @Test
    void eachChangeIsWrittenDownWithWhoWhatBeforeAndAfter() {
        Caller anna = new Caller(
                new Actor("person", "p1", "anna"),
                Optional.of(customer),
                Role.OPERATOR,
                Optional.empty(),
                Optional.empty());

        data(fleet.askAs(anna, "mutation { DM_update_node(node_id: \"" + node + "\", name: \"gamma\") }"));

        Map<?, ?> entry = entries("customer_id: \"" + customer + "\"").getFirst();
        assertThat(entry.get("operation")).isEqualTo("DM_update_node");
        assertThat(entry.get("actor_name")).isEqualTo("anna");
        assertThat(entry.get("subject_id")).isEqualTo(node);
        assertThat(entry.get("before") + "").contains("\"name\":\"alpha\"");
        assertThat(entry.get("after") + "").contains("\"name\":\"gamma\"");
    }

    @Test
    void aChangeThatChangesNothingIsNoLine() {
        int before = entries("customer_id: \"" + customer + "\"").size();

        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"alpha\") }"));

        assertThat(entries("customer_id: \"" + customer + "\"")).hasSize(before);
    }

    @Test
    void whatWasRefusedIsNoChange() {
        int before = entries("customer_id: \"" + customer + "\"").size();

        label("a b", "x");
        make("..", "");

        assertThat(entries("customer_id: \"" + customer + "\"")).hasSize(before);
    }

    @Test
    void secretsOfNewKeysAreNotInTheLog() {
        String secret = secret("name: \"build\", role: deployer");

        assertThat(entries("customer_id: \"" + customer + "\"") + "")
                .contains("build", "deployer")
                .doesNotContain(secret)
                .doesNotContain(secret.substring(4, 20));
    }

    @Test
    void theLogIsReadPageByPageNewestFirst() {
        for (int i = 0; i < 5; i++) {
            group("g" + i, "");
        }

        Map<?, ?> first = log("customer_id: \"" + customer + "\", take: 3");
        Map<?, ?> second =
                log("customer_id: \"" + customer + "\", take: 3, cursor: \"" + first.get("next_cursor") + "\"");

        assertThat(names(first)).containsExactly("g4", "g3", "g2");
        assertThat(names(second)).startsWith("g1", "g0");
    }

    @Test
    void aCustomersAdminReadsHisOwnLogOnly() {
        String other = fleet.customer("south");

        assertThat(code(fleet.askAs(customer, "{ Authz_get_audit_log { entries { at } } }")))
                .isEqualTo("authorization.installation");
        Map<String, @Nullable Object> theirs =
                fleet.askAs(customer, "{ Authz_get_audit_log(customer_id: \"" + other + "\") { entries { at } } }");
        assertThat(code(theirs)).isEqualTo("customer.unknown");
        assertThat(message(theirs)).contains(other);
    }

    @Test
    void anImportIsToldWithItsSettingsButOfSecretsOnlyThatTheyAre() {
        // given
        String service = Sample.service(fleet, customer, "web", 1);

        // when
        data(fleet.ask("""
                mutation { DM_import_node_service(input: {customer_id: "%s", node_service_id: "%s", metadata: {
                    memory_limit_mb: 64, cpu_limit_millis: 500, pids_limit: 32, restart: on_failure, group: "platform",
                    status_goal: READY, update_scope: container
                    volumes: [{source: "data", target: "/data", shareable: true}]
                    environment: [{name: "TOKEN", value: "hunter2"}]
                    health: {exec: ["/bin/check", "--password=hunter3"]}
                    update: {strategy: start_then_stop, pre_update: {command: ["/bin/flush", "hunter4"]}}
                }}) }
                """.formatted(customer, service)));

        // then
        Map<?, ?> entry = entries("subject_id: \"" + service + "\"").getFirst();
        assertThat(entry.get("before") + "")
                .contains("\"memory_limit_mb\":128", "\"environment\":[]", "\"volumes\":[]");
        assertThat(entry.get("after") + "")
                .contains("\"container_version\":2", "\"memory_limit_mb\":64", "\"cpu_limit_millis\":500")
                .contains("\"pids_limit\":32", "\"restart\":\"on-failure\"", "\"group\":\"platform\"")
                .contains(
                        "\"status_goal\":\"READY\"",
                        "\"update_scope\":\"container\"",
                        "\"strategy\":\"start-then-stop\"")
                .contains(
                        "\"source\":\"data\"",
                        "\"shareable\":true",
                        "\"environment\":[\"TOKEN\"]",
                        "\"health\":\"exec\"")
                .doesNotContain("hunter");
    }

    @Test
    void everyMutationLeavesALine() {
        // given, when
        changesOfTenancy();
        changesOfGroups();
        changesOfServices();
        changesOfRollouts();
        changesOfInstances();
        changesOfWebhooks();
        changesOfNodes();

        // then
        Set<String> written = new TreeSet<>();
        entries("take: 200").forEach(e -> written.add(e.get("operation") + ""));
        assertThat(written).containsAll(fields("Mutation").keySet());
    }

    private void changesOfTenancy() {
        done("Authz_create_customer(name: \"west\")");
        done("Authz_rename_customer(customer_id: \"" + customer + "\", name: \"east\")");
        done("Authz_create_api_key(customer_id: \"" + customer + "\", name: \"k\")");
        String key = fleet.keysOf(customer).getFirst().apiKeyId();
        done("Authz_revoke_api_key(api_key_id: \"" + key + "\")");
        String rule =
                done("Authz_create_login_rule(customer_id: \"" + customer + "\", claim: group, value: \"operators\")");
        done("Authz_remove_login_rule(login_rule_id: \"" + rule + "\")");
        String token = done("DM_create_claim_token(customer_id: \"" + customer + "\")");
        done("DM_revoke_claim_token(claim_token_id: \""
                + ClaimToken.parse(token).id() + "\")");
    }

    private void changesOfGroups() {
        String trains = group("trains", "");
        done("Authz_rename_group(group_id: \"" + trains + "\", name: \"trams\")");
        data(move(group("line-1", ""), trains));
        data(remove(group("gone", "")));
        String service = Sample.service(fleet, customer, "camera", 1);
        String given =
                done("DM_add_group_node_service(group_id: \"" + trains + "\", node_service_id: \"" + service + "\")");
        done("DM_update_group_node_service(group_node_service_id: \"" + given
                + "\", version_target_selector: {value: \"version:1\"})");
        done("DM_remove_group_node_service(group_node_service_id: \"" + given + "\")");
    }

    private void changesOfServices() {
        String service = Sample.service(fleet, customer, "recorder", 1);
        done("DM_import_node_service(input: {customer_id: \"" + customer + "\", node_service_id: \"" + service
                + "\", metadata: {memory_limit_mb: 64}})");
        done("DM_retire_node_service_version(node_service_id: \"" + service + "\", container_version: 2)");
        done("DM_remove_node_service_version(node_service_id: \"" + service + "\", container_version: 2)");
        done("DM_remove_node_service(node_service_id: \"" + service + "\")");
    }

    private void changesOfRollouts() {
        String service = Sample.service(fleet, customer, "portal", 1);
        done("DM_set_rollout_policy(node_service_id: \"" + service + "\", policy: {phases: [{approval: true}]})");
        Sample.version(fleet, service, 2);
        String rollout = fleet.rollouts.newest(service).orElseThrow().rollout().rolloutId();
        for (String change : List.of("approve", "pause", "resume", "abort")) {
            done("DM_" + change + "_rollout(rollout_id: \"" + rollout + "\")");
        }
        String again = done("DM_start_rollout(node_service_id: \"" + service + "\")");
        done("DM_revert_rollout(rollout_id: \"" + again + "\")");
    }

    private void changesOfInstances() {
        String service = Sample.service(fleet, customer, "web", 1);
        String instance =
                done("DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \"" + node + "\")");
        String these = "node_service_instance_ids: [\"" + instance + "\"]";
        done("DM_update_node_service_instance_rollout_config(" + these
                + ", version_target_selector: {value: \"version:1\"})");
        done("DM_retry_node_service_instances(" + these + ")");
        String its = "node_service_instance_id: \"" + instance + "\"";
        done("DM_set_node_service_instance_config(" + its + ", files: [{path: \"/etc/a\", content: \"a\"}])");
        done("DM_remove_node_service_instance_config(" + its + ", paths: [\"/etc/a\"])");
        String key = done("DM_inject_api_key(" + its + ")");
        done("DM_update_injected_api_key(injected_api_key_id: \"" + key + "\", rotate_minutes: 60)");
        done("DM_rotate_injected_api_key(injected_api_key_id: \"" + key + "\")");
        done("DM_remove_injected_api_key(injected_api_key_id: \"" + key + "\")");
        done("DM_remove_node_service_instances(" + these + ")");
    }

    private void changesOfWebhooks() {
        done("DM_create_webhook(customer_id: \"" + customer
                + "\", name: \"pager\", url: \"https://receiver.example/\")");
        String hook = fleet.webhooks.list(customer).getFirst().webhookId();
        String delivery = done("DM_test_webhook(webhook_id: \"" + hook + "\")");
        done("DM_redeliver_webhook_delivery(webhook_delivery_id: \"" + delivery + "\")");
        done("DM_update_webhook(webhook_id: \"" + hook + "\", enabled: false)");
        done("DM_rotate_webhook_secret(webhook_id: \"" + hook + "\")");
        done("DM_remove_webhook(webhook_id: \"" + hook + "\")");
    }

    private void changesOfNodes() {
        String its = "node_id: \"" + node + "\"";
        done("DM_update_node(" + its + ", name: \"gamma\")");
        done("DM_set_update_windows(" + its + ", windows: {switching: {daily: [{start: \"02:00\", minutes: 60}]}})");
        done("DM_set_time_zone(" + its + ", time_zone: \"Asia/Tokyo\")");
        done("DM_open_update_windows(" + its + ", minutes: 5, reason: \"urgent\")");
        done("DM_remove_update_windows(" + its + ")");
        done("DM_remove_node(" + its + ")");
    }

    /** Carries out a mutation, of which there is more in the log than before; the answer is its answer. */
    private String done(String call) {
        String mutation = call.substring(0, call.indexOf('('));
        long before = written(mutation);

        String answer = data(fleet.ask("mutation { " + call + " }")).get(mutation) + "";

        assertThat(written(mutation)).as(call).isGreaterThan(before);
        return answer;
    }

    private long written(String operation) {
        return entries("take: 200").stream()
                .filter(e -> operation.equals(e.get("operation")))
                .count();
    }

    private List<String> names(Map<?, ?> page) {
        return list(page, "entries").stream()
                .map(e -> ((Map<?, ?>) e).get("subject_name") + "")
                .toList();
    }

    private Map<?, ?> log(String arguments) {
        return (Map<?, ?>) Objects.requireNonNull(data(fleet.ask("{ Authz_get_audit_log(" + arguments
                        + ") { next_cursor entries { audit_id at customer_id actor_kind actor_id actor_name operation"
                        + " subject_kind subject_id subject_name before after } } }"))
                .get("Authz_get_audit_log"));
    }

    private List<Map<?, ?>> entries(String arguments) {
        return list(log(arguments), "entries").stream()
                .<Map<?, ?>>map(e -> (Map<?, ?>) e)
                .toList();
    }
}
