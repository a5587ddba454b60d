package io.skerry.cli.api;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each GraphQL operation that this program sends. Its variables are named like the arguments that they fill. */
enum Operation {
    CUSTOMERS("query", "Authz_get_customers", "$take: Int, $cursor: String", page("customers", Customer.class)),
    API_KEYS(
            "query",
            "Authz_get_api_keys",
            "$customer_id: ID, $take: Int, $cursor: String",
            page("api_keys", ApiKey.class)),
    SERVICES(
            "query",
            "DM_get_node_services",
            "$customer_id: ID!, $take: Int, $cursor: String, $name: String",
            page("services", ServiceSummary.class)),
    SERVICE("DM_get_node_service", "$node_service_id: ID!", Selection.of(Service.class, "versions")),
    SERVICE_VERSIONS(
            "DM_get_node_service", "$node_service_id: ID!", "{ " + Selection.page("versions", Version.class) + " }"),
    DIFFERENCE(
            "query",
            "DM_get_node_service_difference",
            "$node_service_id: ID!, $from_version: Int!, $to_version: Int!",
            Selection.of(Difference.class)),
    IMPORT("query", "DM_get_node_service_import", "$import_id: ID!", Selection.of(ServiceImport.class)),
    NODES(
            "query",
            "DM_get_nodes",
            "$customer_id: ID!, $take: Int, $cursor: String, $name: String, $group_id: ID, $labels: [DM_label_input!]",
            page("nodes", NodeSummary.class)),
    NODE("query", "DM_get_node", "$node_id: ID!", Selection.of(Node.class)),
    INSTANCES(
            "query",
            "DM_get_node_service_instances",
            "$customer_id: ID!, $node_service_id: ID, $node_id: ID, $take: Int, $cursor: String",
            page("instances", Instance.class)),
    INSTANCE("query", "DM_get_node_service_instance", "$node_service_instance_id: ID!", Selection.of(Instance.class)),
    ROLLOUT("DM_get_node_service_rollout", "$node_service_id: ID!", Selection.of(Rollout.class, "instances")),
    ROLLOUT_INSTANCES(
            "DM_get_node_service_rollout",
            "$node_service_id: ID!",
            "{ " + Selection.page("instances", Instance.class) + " }"),

    GROUPS(
            "query",
            "Authz_get_groups",
            "$customer_id: ID!, $take: Int, $cursor: String",
            page("groups", NodeGroup.class)),
    AUDIT(
            "query",
            "Authz_get_audit_log",
            "$customer_id: ID, $subject_id: ID, $actor_id: ID, $take: Int, $cursor: String",
            page("entries", AuditEntry.class)),

    LOGIN_RULES(
            "query",
            "Authz_get_login_rules",
            "$customer_id: ID, $take: Int, $cursor: String",
            page("login_rules", LoginRule.class)),
    CREATE_LOGIN_RULE(
            "mutation",
            "Authz_create_login_rule",
            "$customer_id: ID, $claim: Authz_login_claim!, $value: String!, $role: Authz_role",
            ""),
    REMOVE_LOGIN_RULE("mutation", "Authz_remove_login_rule", "$login_rule_id: ID!", ""),
    CREATE_CUSTOMER("mutation", "Authz_create_customer", "$name: String!", ""),
    RENAME_CUSTOMER("mutation", "Authz_rename_customer", "$customer_id: ID!, $name: String!", ""),
    CREATE_API_KEY(
            "mutation",
            "Authz_create_api_key",
            "$customer_id: ID, $name: String!, $role: Authz_role, $node_id: ID, $valid_minutes: Long",
            ""),
    REVOKE_API_KEY("mutation", "Authz_revoke_api_key", "$api_key_id: ID!", ""),
    IMPORT_SERVICE("mutation", "DM_import_node_service", "$input: DM_import_node_service_input!", ""),
    RETIRE_VERSION(
            "mutation",
            "DM_retire_node_service_version",
            "$node_service_id: ID!, $container_version: Int!, $retired: Boolean",
            ""),
    REMOVE_VERSION("mutation", "DM_remove_node_service_version", "$node_service_id: ID!, $container_version: Int!", ""),
    REMOVE_SERVICE("mutation", "DM_remove_node_service", "$node_service_id: ID!", ""),
    SELECT_VERSION(
            "mutation",
            "DM_update_node_service_instance_rollout_config",
            "$node_service_instance_ids: [ID!]!, $version_target_selector: DM_version_target_selector_input",
            ""),
    ADD_INSTANCE(
            "mutation",
            "DM_add_node_service_instance",
            "$node_service_id: ID!, $node_id: ID!, $version_target_selector: DM_version_target_selector_input",
            ""),
    GROUP_SERVICES(
            "query",
            "DM_get_group_node_services",
            "$customer_id: ID!, $group_id: ID, $node_service_id: ID, $take: Int, $cursor: String",
            page("group_node_services", GroupService.class)),
    GROUP_SERVICE(
            "query", "DM_get_group_node_service", "$group_node_service_id: ID!", Selection.of(GroupService.class)),
    ABSENT_INSTANCES(
            "query",
            "DM_get_absent_instances",
            "$customer_id: ID!, $group_node_service_id: ID, $take: Int, $cursor: String",
            page("absent_instances", AbsentInstance.class)),
    ADD_GROUP_SERVICE(
            "mutation",
            "DM_add_group_node_service",
            "$group_id: ID!, $node_service_id: ID!, $version_target_selector: DM_version_target_selector_input",
            ""),
    UPDATE_GROUP_SERVICE(
            "mutation",
            "DM_update_group_node_service",
            "$group_node_service_id: ID!, $version_target_selector: DM_version_target_selector_input",
            ""),
    REMOVE_GROUP_SERVICE("mutation", "DM_remove_group_node_service", "$group_node_service_id: ID!", ""),
    REMOVE_INSTANCES("mutation", "DM_remove_node_service_instances", "$node_service_instance_ids: [ID!]!", ""),
    RETRY_INSTANCES("mutation", "DM_retry_node_service_instances", "$node_service_instance_ids: [ID!]!", ""),
    CONFIG_FILES(
            "query",
            "DM_get_node_service_instance_config",
            "$node_service_instance_id: ID!",
            Selection.of(ConfigFile.class)),
    SET_CONFIG_FILES(
            "mutation",
            "DM_set_node_service_instance_config",
            "$node_service_instance_id: ID!, $files: [DM_config_file_input!]!",
            ""),
    REMOVE_CONFIG_FILES(
            "mutation",
            "DM_remove_node_service_instance_config",
            "$node_service_instance_id: ID!, $paths: [String!]!",
            ""),
    INJECTED_KEYS(
            "query", "DM_get_injected_api_keys", "$node_service_instance_id: ID!", Selection.of(InjectedKey.class)),
    INJECT_KEY(
            "mutation",
            "DM_inject_api_key",
            "$node_service_instance_id: ID!, $role: Authz_role, $whole_customer: Boolean, $path: String, $mode: String,"
                    + " $rotate_minutes: Long, $overlap_minutes: Long",
            ""),
    ROTATE_INJECTED_KEY(
            "mutation", "DM_rotate_injected_api_key", "$injected_api_key_id: ID!, $overlap_minutes: Long", ""),
    UPDATE_INJECTED_KEY(
            "mutation",
            "DM_update_injected_api_key",
            "$injected_api_key_id: ID!, $rotate_minutes: Long, $overlap_minutes: Long",
            ""),
    REMOVE_INJECTED_KEY("mutation", "DM_remove_injected_api_key", "$injected_api_key_id: ID!", ""),
    CREATE_CLAIM_TOKEN(
            "mutation",
            "DM_create_claim_token",
            "$customer_id: ID!, $node_name: String, $group_id: ID, $uses: Int, $valid_minutes: Int",
            ""),
    CLAIM_TOKENS(
            "query",
            "DM_get_claim_tokens",
            "$customer_id: ID!, $take: Int, $cursor: String",
            page("claim_tokens", ClaimToken.class)),
    REVOKE_CLAIM_TOKEN("mutation", "DM_revoke_claim_token", "$claim_token_id: ID!", ""),
    CREATE_GROUP("mutation", "Authz_create_group", "$customer_id: ID!, $parent_group_id: ID, $name: String!", ""),
    RENAME_GROUP("mutation", "Authz_rename_group", "$group_id: ID!, $name: String!", ""),
    MOVE_GROUP("mutation", "Authz_move_group", "$group_id: ID!, $parent_group_id: ID", ""),
    REMOVE_GROUP("mutation", "Authz_remove_group", "$group_id: ID!", ""),
    UPDATE_NODE(
            "mutation",
            "DM_update_node",
            "$node_id: ID!, $name: String, $group_id: ID, $labels: [DM_label_input!], $attributes: [DM_attribute_input!]",
            ""),
    ROLLOUTS(
            "query",
            "DM_get_rollouts",
            "$customer_id: ID!, $node_service_id: ID, $take: Int, $cursor: String",
            page("rollouts", PhasedRollout.class)),
    ROLLOUT_MEMBERS(
            "DM_get_rollout",
            "$rollout_id: ID!",
            List.of("$phase: Int", "$states: [DM_rollout_member_state!]"),
            "{ members(phase: $phase, states: $states, take: $take, cursor: $cursor) "
                    + page("members", RolloutMember.class) + " }"),
    ROLLOUT_POLICY("mutation", "DM_set_rollout_policy", "$node_service_id: ID!, $policy: DM_rollout_policy_input", ""),
    START_ROLLOUT("mutation", "DM_start_rollout", "$node_service_id: ID!, $policy: DM_rollout_policy_input", ""),
    PAUSE_ROLLOUT("mutation", "DM_pause_rollout", "$rollout_id: ID!", ""),
    RESUME_ROLLOUT("mutation", "DM_resume_rollout", "$rollout_id: ID!", ""),
    APPROVE_ROLLOUT("mutation", "DM_approve_rollout", "$rollout_id: ID!", ""),
    ABORT_ROLLOUT("mutation", "DM_abort_rollout", "$rollout_id: ID!", ""),
    REVERT_ROLLOUT("mutation", "DM_revert_rollout", "$rollout_id: ID!", ""),
    UPDATE_TIMES(
            "query",
            "DM_get_update_windows",
            "$customer_id: ID!, $take: Int, $cursor: String",
            page("update_times", UpdateTimes.class)),
    SET_WINDOWS(
            "mutation",
            "DM_set_update_windows",
            "$customer_id: ID, $group_id: ID, $node_id: ID, $node_service_id: ID, $windows: DM_update_windows_input!",
            ""),
    REMOVE_WINDOWS(
            "mutation",
            "DM_remove_update_windows",
            "$customer_id: ID, $group_id: ID, $node_id: ID, $node_service_id: ID",
            ""),
    SET_TIME_ZONE(
            "mutation", "DM_set_time_zone", "$customer_id: ID, $group_id: ID, $node_id: ID, $time_zone: String", ""),
    OPEN_WINDOWS(
            "mutation",
            "DM_open_update_windows",
            "$customer_id: ID, $group_id: ID, $node_id: ID, $node_service_id: ID, $node_service_instance_id: ID,"
                    + " $minutes: Int!, $reason: String!",
            ""),
    EVENTS(
            "query",
            "DM_get_events",
            "$customer_id: ID!, $types: [String!], $node_id: ID, $node_service_id: ID, $node_service_instance_id: ID,"
                    + " $oldest_first: Boolean, $take: Int, $cursor: String",
            page("events", Event.class)),
    WEBHOOKS("query", "DM_get_webhooks", "$customer_id: ID!", Selection.of(Webhook.class)),
    WEBHOOK("query", "DM_get_webhook", "$webhook_id: ID!", Selection.of(Webhook.class)),
    WEBHOOK_DELIVERIES(
            "query",
            "DM_get_webhook_deliveries",
            "$webhook_id: ID!, $state: String, $take: Int, $cursor: String",
            page("deliveries", WebhookDelivery.class)),
    CREATE_WEBHOOK(
            "mutation",
            "DM_create_webhook",
            "$customer_id: ID!, $name: String!, $url: String!, $event_types: [String!], $group_id: ID",
            ""),
    UPDATE_WEBHOOK(
            "mutation",
            "DM_update_webhook",
            "$webhook_id: ID!, $name: String, $url: String, $event_types: [String!], $group_id: ID, $enabled: Boolean",
            ""),
    ROTATE_WEBHOOK_SECRET("mutation", "DM_rotate_webhook_secret", "$webhook_id: ID!, $overlap_minutes: Int", ""),
    REMOVE_WEBHOOK("mutation", "DM_remove_webhook", "$webhook_id: ID!", ""),
    TEST_WEBHOOK("mutation", "DM_test_webhook", "$webhook_id: ID!", ""),
    REDELIVER("mutation", "DM_redeliver_webhook_delivery", "$webhook_delivery_id: ID!", ""),
    REMOVE_NODE("mutation", "DM_remove_node", "$node_id: ID!", "");

    private final boolean changes;
    private final String field;
    private final String document;

    Operation(String kind, String field, String variables, String selection) {
        this.changes = kind.equals("mutation");
        this.field = field;
        this.document = kind + (variables.isEmpty() ? "" : "(" + variables + ")") + " { " + field + arguments(variables)
                + (selection.isEmpty() ? "" : " " + selection) + " }";
    }

    /** A query of one thing and of a page that it has. */
    Operation(String field, String variable, String selection) {
        this(field, variable, List.of(), selection);
    }

    /** As that, where the page has further variables. */
    Operation(String field, String variable, List<String> ofPage, String selection) {
        this.changes = false;
        this.field = field;
        this.document = "query("
                + Stream.of(List.of(variable), ofPage, List.of("$take: Int", "$cursor: String"))
                        .flatMap(List::stream)
                        .collect(Collectors.joining(", "))
                + ") { " + field + arguments(variable) + " " + selection + " }";
    }

    /** Whether it changes something, so that sending it twice isn't the same as sending it once. */
    boolean changes() {
        return changes;
    }

    /** Where the answer stands under {@code data}. */
    String field() {
        return field;
    }

    /** What is sent as {@code query}. */
    String document() {
        return document;
    }

    private static String arguments(String variables) {
        return variables.isEmpty()
                ? ""
                : Arrays.stream(variables.split(", "))
                        .map(v -> v.substring(1, v.indexOf(':')))
                        .map(name -> name + ": $" + name)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String page(String list, Class<?> type) {
        return "{ " + list + " " + Selection.of(type) + " next_cursor }";
    }
}
