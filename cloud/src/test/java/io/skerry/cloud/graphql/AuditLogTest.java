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
    void everyMutationLeavesALine() {
        Set<String> written = new TreeSet<>();
        String trains = group("trains", "");
        data(fleet.ask("mutation { Authz_rename_group(group_id: \"" + trains + "\", name: \"trams\") }"));
        data(move(group("line-1", ""), trains));
        data(remove(group("gone", "")));
        data(fleet.ask("mutation { Authz_create_customer(name: \"west\") }"));
        data(fleet.ask("mutation { Authz_rename_customer(customer_id: \"" + customer + "\", name: \"east\") }"));
        String key = fleet.key(customer, "k").apiKeyId();
        data(fleet.ask("mutation { Authz_revoke_api_key(api_key_id: \"" + key + "\") }"));
        String rule = data(fleet.ask("mutation { Authz_create_login_rule(customer_id: \"" + customer
                                + "\", claim: group, value: \"operators\") }"))
                        .get("Authz_create_login_rule")
                + "";
        data(fleet.ask("mutation { Authz_remove_login_rule(login_rule_id: \"" + rule + "\") }"));
        String token = data(fleet.ask("mutation { DM_create_claim_token(customer_id: \"" + customer + "\") }"))
                        .get("DM_create_claim_token")
                + "";
        data(fleet.ask("mutation { DM_revoke_claim_token(claim_token_id: \""
                + ClaimToken.parse(token).id() + "\") }"));
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"gamma\") }"));
        String windows = "{switching: {daily: [{start: \"02:00\", minutes: 60}]}}";
        data(fleet.ask("mutation { DM_set_update_windows(node_id: \"" + node + "\", windows: " + windows + ") }"));
        data(fleet.ask("mutation { DM_set_time_zone(node_id: \"" + node + "\", time_zone: \"Asia/Tokyo\") }"));
        data(fleet.ask(
                "mutation { DM_open_update_windows(node_id: \"" + node + "\", minutes: 5, reason: \"urgent\") }"));
        data(fleet.ask("mutation { DM_remove_update_windows(node_id: \"" + node + "\") }"));
        data(fleet.ask("mutation { DM_create_webhook(customer_id: \"" + customer
                + "\", name: \"pager\", url: \"https://receiver.example/\") }"));
        String hook = fleet.webhooks.list(customer).getFirst().webhookId();
        String delivery = data(fleet.ask("mutation { DM_test_webhook(webhook_id: \"" + hook + "\") }"))
                        .get("DM_test_webhook")
                + "";
        data(fleet.ask("mutation { DM_redeliver_webhook_delivery(webhook_delivery_id: \"" + delivery + "\") }"));
        data(fleet.ask("mutation { DM_update_webhook(webhook_id: \"" + hook + "\", enabled: false) }"));
        data(fleet.ask("mutation { DM_rotate_webhook_secret(webhook_id: \"" + hook + "\") }"));
        data(fleet.ask("mutation { DM_remove_webhook(webhook_id: \"" + hook + "\") }"));
        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));

        entries("take: 100").forEach(e -> written.add(e.get("operation") + ""));

        // Those about services, instances with their keys, and roll-outs are shown where these are made.
        Set<String> expected = new TreeSet<>(fields("Mutation").keySet());
        expected.removeIf(name -> name.contains("node_service") || name.contains("rollout") || name.contains("inject"));
        assertThat(written).isEqualTo(expected);
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
