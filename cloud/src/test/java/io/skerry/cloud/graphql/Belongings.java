package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.data;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.cloud.tenancy.NewApiKey;
import io.skerry.spec.Architecture;
import io.skerry.spec.wire.ClaimToken;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A customer with one at least of all that has an id in the fleet API, and more than one of what is told in pages.
 *
 * @param ids by the name of the argument that takes it
 */
record Belongings(String customer, Map<String, String> ids) {
    /** Images that can be imported for two architectures, of which devices have one. */
    static void push(MemoryRegistry registry) {
        registry.push("fits", "1", TestImage.of(Architecture.AMD64, "content"));
        registry.push("fits-not", "1", TestImage.of(Architecture.ARM64, "content"));
    }

    /** @param name begins the names of all that it has */
    static Belongings of(FleetFixture fleet, String name) {
        String customer = fleet.customer(name);
        return new Belongings(customer, new Making(fleet, customer).all(name + "-1", name + "-2"));
    }

    private record Making(FleetFixture fleet, String customer) {
        Map<String, String> all(String first, String second) {
            Map<String, String> ids = one(first);
            one(second);
            return ids;
        }

        private Map<String, String> one(String name) {
            Map<String, String> ids = new HashMap<>(Map.of("customer_id", customer, "customer_ids", customer));
            NewApiKey key = fleet.key(customer, name);
            ids.put("api_key_id", key.apiKeyId());
            String group = made("Authz_create_group", "customer_id: \"" + customer + "\", name: \"" + name + "\"");
            ids.put("group_id", group);
            ids.put("parent_group_id", group);
            String node = fleet.node(customer, name, Architecture.AMD64);
            ids.put("node_id", node);
            ids.put("subject_id", node);
            made("DM_update_node", "node_id: \"" + node + "\", group_id: \"" + group + "\"");
            data(fleet.askAs(
                    fleet.keys.authenticate("apikey " + key.secret()).orElseThrow(),
                    "mutation { DM_set_time_zone(node_id: \"" + node + "\", time_zone: \"Asia/Tokyo\") }"));
            ids.put("actor_id", key.apiKeyId());
            ids.put(
                    "login_rule_id",
                    made(
                            "Authz_create_login_rule",
                            "customer_id: \"" + customer + "\", claim: group, value: \"" + name + "\""));
            ids.put(
                    "claim_token_id",
                    ClaimToken.parse(made("DM_create_claim_token", "customer_id: \"" + customer + "\""))
                            .id());
            services(ids, name, group, node);
            webhook(ids, name);
            return ids;
        }

        private void services(Map<String, String> ids, String name, String group, String node) {
            String service = imported(name, "fits", "amd64");
            made("DM_set_rollout_policy", "node_service_id: \"" + service + "\", policy: {phases: [{}], manual: true}");
            imported(name, "fits", "amd64");
            String instance = made(
                    "DM_add_node_service_instance", "node_service_id: \"" + service + "\", node_id: \"" + node + "\"");
            String absent = imported(name + "-absent", "fits-not", "arm64");
            String givenToGroup = made(
                    "DM_add_group_node_service", "group_id: \"" + group + "\", node_service_id: \"" + absent + "\"");
            String other = fleet.node(customer, name + "-other", Architecture.ARM64);
            made("DM_update_node", "node_id: \"" + other + "\", group_id: \"" + group + "\"");
            made("DM_add_group_node_service", "group_id: \"" + group + "\", node_service_id: \"" + service + "\"");
            ids.put("node_service_id", service);
            ids.put("node_service_instance_id", instance);
            ids.put("node_service_instance_ids", instance);
            ids.put("group_node_service_id", givenToGroup);
            ids.put("injected_api_key_id", made("DM_inject_api_key", "node_service_instance_id: \"" + instance + "\""));
            made(
                    "DM_set_node_service_instance_config",
                    "node_service_instance_id: \"" + instance + "\", files: " + SampleArguments.of("files"));
            ids.put(
                    "import_id",
                    fleet.imports
                            .newest(customer, 1, TimeCursor.BEGINNING)
                            .items()
                            .getFirst()
                            .importId());
            ids.put(
                    "rollout_id",
                    fleet.rollouts
                            .list(customer, Optional.of(service), 1, "")
                            .items()
                            .getFirst()
                            .rolloutId());
            fleet.storage.write(h -> fleet.events.append(
                    h,
                    new NewEvent(
                            customer,
                            EventType.INSTANCE_UPDATE_COMMITTED,
                            Subject.instance(node, instance, service),
                            Map.of("node_name", name, "service_name", name, "version", 1))));
        }

        private void webhook(Map<String, String> ids, String name) {
            made(
                    "DM_create_webhook",
                    "customer_id: \"" + customer + "\", name: \"" + name + "\", url: \"https://receiver.example/\"");
            String hook = fleet.webhooks.list(customer).getLast().webhookId();
            ids.put("webhook_id", hook);
            made("DM_test_webhook", "webhook_id: \"" + hook + "\"");
            ids.put("webhook_delivery_id", made("DM_test_webhook", "webhook_id: \"" + hook + "\""));
        }

        private String imported(String name, String image, String arch) {
            return made("DM_import_node_service", """
                    input: { customer_id: "%s" node_service_input: { name: "%s" }
                        image_sources: [{ arch: %s, image_reference: "r.example/%s:1" }] }
                    """.formatted(customer, name, arch, image));
        }

        private String made(String mutation, String arguments) {
            return Objects.requireNonNull(data(fleet.ask("mutation { " + mutation + "(" + arguments + ") }"))
                            .get(mutation))
                    .toString();
        }
    }
}
