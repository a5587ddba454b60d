package io.skerry.cli.api;

import io.avaje.json.JsonException;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as the cloud's API shows it. Each call is one request (lists: one a page) and throws the cloud's problem, or {@code
 * cloud.unreachable} and the like, as a {@link ProblemException}. Safe for several threads.
 */
public final class Fleet {
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** Images can be large and registries slow; the import itself goes on in the cloud after this. */
    private static final Duration IMPORT = Duration.ofHours(2);

    private static final int PAGE = 200;
    /** Guards against a cursor that never ends. */
    private static final int MOST_PAGES = 1000;

    private final Endpoint endpoint;
    private final CloudClient client;

    private Fleet(Endpoint endpoint, CloudClient client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    /** Trusts the system's certificate authorities. */
    public static Fleet at(Endpoint endpoint, String apiKey) {
        return new Fleet(endpoint, new CloudClient(endpoint, apiKey, Trust.system()));
    }

    /** Trusts these certificate authorities (PEM) only. */
    public static Fleet at(Endpoint endpoint, String apiKey, String authorities) {
        return new Fleet(endpoint, new CloudClient(endpoint, apiKey, Trust.pinned(authorities)));
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public List<Customer> customers() {
        return list(Customer.class, required(Operation.CUSTOMERS, Map.of()));
    }

    /** The keys of the whole installation. */
    public List<ApiKey> installationKeys() {
        return list(ApiKey.class, required(Operation.API_KEYS, Map.of()));
    }

    public List<ApiKey> keysOf(String customerId) {
        return list(ApiKey.class, required(Operation.API_KEYS, Map.of("customer_id", customerId)));
    }

    /** @param customerId empty: those of the whole installation */
    public List<LoginRule> loginRules(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customerId) {
        Map<String, Object> variables = new HashMap<>();
        customerId.ifPresent(id -> variables.put("customer_id", id));
        return pages(LoginRule.class, Operation.LOGIN_RULES, "login_rules", variables);
    }

    /**
     * The rule's id.
     *
     * @param customerId empty: the whole installation
     * @param role empty: the least
     */
    public String createLoginRule(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customerId,
            String claim,
            String value,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> role) {
        Map<String, Object> variables = new HashMap<>(Map.of("claim", claim, "value", value));
        customerId.ifPresent(id -> variables.put("customer_id", id));
        role.ifPresent(r -> variables.put("role", r));
        return text(Operation.CREATE_LOGIN_RULE, variables);
    }

    public void removeLoginRule(String loginRuleId) {
        text(Operation.REMOVE_LOGIN_RULE, Map.of("login_rule_id", loginRuleId));
    }

    public List<ServiceSummary> services(String customerId) {
        return pages(ServiceSummary.class, Operation.SERVICES, "services", Map.of("customer_id", customerId));
    }

    public Optional<Service> service(String serviceId) {
        return optional(Service.class, Operation.SERVICE, Map.of("node_service_id", serviceId));
    }

    /** What two versions of a service differ in, by field. */
    public List<Difference> difference(String serviceId, int from, int to) {
        return list(
                Difference.class,
                required(
                        Operation.DIFFERENCE,
                        Map.of("node_service_id", serviceId, "from_version", from, "to_version", to)));
    }

    /** @param retired false: it is brought back */
    public void retireVersion(String serviceId, int version, boolean retired) {
        text(
                Operation.RETIRE_VERSION,
                Map.of("node_service_id", serviceId, "container_version", version, "retired", retired));
    }

    public void removeVersion(String serviceId, int version) {
        text(Operation.REMOVE_VERSION, Map.of("node_service_id", serviceId, "container_version", version));
    }

    public void removeService(String serviceId) {
        text(Operation.REMOVE_SERVICE, Map.of("node_service_id", serviceId));
    }

    public Optional<ServiceImport> serviceImport(String importId) {
        return optional(ServiceImport.class, Operation.IMPORT, Map.of("import_id", importId));
    }

    public List<NodeSummary> nodes(String customerId) {
        return nodes(NodeQuery.all(customerId));
    }

    public List<NodeSummary> nodes(NodeQuery query) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("customer_id", query.customerId());
        query.groupId().ifPresent(id -> variables.put("group_id", id));
        if (!query.labels().isEmpty()) {
            variables.put("labels", Word.variables(query.labels()));
        }
        return pages(NodeSummary.class, Operation.NODES, "nodes", variables);
    }

    public List<NodeGroup> groups(String customerId) {
        return pages(NodeGroup.class, Operation.GROUPS, "groups", Map.of("customer_id", customerId));
    }

    /** The newest lines, newest first, of at most one page. */
    public List<AuditEntry> audit(AuditQuery query, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("take", take));
        query.customerId().ifPresent(id -> variables.put("customer_id", id));
        query.subjectId().ifPresent(id -> variables.put("subject_id", id));
        query.actorId().ifPresent(id -> variables.put("actor_id", id));
        if (!(required(Operation.AUDIT, variables) instanceof Map<?, ?> answer) || answer.get("entries") == null) {
            throw withoutAnswer();
        }
        return list(AuditEntry.class, answer.get("entries"));
    }

    public Optional<Node> node(String nodeId) {
        return optional(Node.class, Operation.NODE, Map.of("node_id", nodeId));
    }

    public List<Instance> instances(InstanceFilter filter) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("customer_id", filter.customerId());
        filter.serviceId().ifPresent(id -> variables.put("node_service_id", id));
        filter.nodeId().ifPresent(id -> variables.put("node_id", id));
        return pages(Instance.class, Operation.INSTANCES, "instances", variables);
    }

    public Optional<Instance> instance(String instanceId) {
        return optional(Instance.class, Operation.INSTANCE, Map.of("node_service_instance_id", instanceId));
    }

    public Rollout rollout(String serviceId) {
        return one(Rollout.class, required(Operation.ROLLOUT, Map.of("node_service_id", serviceId)));
    }

    /** The new customer's id. */
    public String createCustomer(String name) {
        return text(Operation.CREATE_CUSTOMER, Map.of("name", name));
    }

    /** The key itself: a secret that is shown this once. */
    public String createKey(KeyRequest key) {
        Map<String, Object> variables = new HashMap<>(Map.of("name", key.name()));
        key.customerId().ifPresent(id -> variables.put("customer_id", id));
        key.role().ifPresent(role -> variables.put("role", role));
        key.nodeId().ifPresent(id -> variables.put("node_id", id));
        key.validMinutes().ifPresent(minutes -> variables.put("valid_minutes", minutes));
        return text(Operation.CREATE_API_KEY, variables);
    }

    /** The new group's id; without a parent it is at the customer's root. */
    public String createGroup(String customerId, Optional<String> parentId, String name) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId, "name", name));
        parentId.ifPresent(id -> variables.put("parent_group_id", id));
        return text(Operation.CREATE_GROUP, variables);
    }

    public void renameGroup(String groupId, String name) {
        text(Operation.RENAME_GROUP, Map.of("group_id", groupId, "name", name));
    }

    public void moveGroup(String groupId, Optional<String> parentId) {
        Map<String, Object> variables = new HashMap<>(Map.of("group_id", groupId));
        parentId.ifPresent(id -> variables.put("parent_group_id", id));
        text(Operation.MOVE_GROUP, variables);
    }

    public void removeGroup(String groupId) {
        text(Operation.REMOVE_GROUP, Map.of("group_id", groupId));
    }

    public void updateNode(String nodeId, NodeUpdate update) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("node_id", nodeId);
        update.name().ifPresent(name -> variables.put("name", name));
        update.group().ifPresent(group -> variables.put("group_id", group.isEmpty() ? null : group));
        update.labels().ifPresent(labels -> variables.put("labels", Word.variables(labels)));
        update.attributes().ifPresent(all -> variables.put("attributes", Word.variables(all)));
        text(Operation.UPDATE_NODE, variables);
    }

    /** The newest first, at most a page. */
    public List<PhasedRollout> rollouts(String customerId, Optional<String> serviceId, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId, "take", take));
        serviceId.ifPresent(id -> variables.put("node_service_id", id));
        if (!(required(Operation.ROLLOUTS, variables) instanceof Map<?, ?> answer) || answer.get("rollouts") == null) {
            throw withoutAnswer();
        }
        return list(PhasedRollout.class, answer.get("rollouts"));
    }

    /** @param policy empty: to all at once */
    public void setRolloutPolicy(String serviceId, Optional<Map<String, Object>> policy) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("node_service_id", serviceId);
        variables.put("policy", policy.orElse(null));
        text(Operation.ROLLOUT_POLICY, variables);
    }

    /** The roll-out's id. */
    public String startRollout(String serviceId, Optional<Map<String, Object>> policy) {
        Map<String, Object> variables = new HashMap<>(Map.of("node_service_id", serviceId));
        policy.ifPresent(p -> variables.put("policy", p));
        return text(Operation.START_ROLLOUT, variables);
    }

    public void changeRollout(String rolloutId, RolloutStep step) {
        text(
                switch (step) {
                    case PAUSE -> Operation.PAUSE_ROLLOUT;
                    case RESUME -> Operation.RESUME_ROLLOUT;
                    case APPROVE -> Operation.APPROVE_ROLLOUT;
                    case ABORT -> Operation.ABORT_ROLLOUT;
                    case REVERT -> Operation.REVERT_ROLLOUT;
                },
                Map.of("rollout_id", rolloutId));
    }

    public List<UpdateTimes> updateTimes(String customerId) {
        return pages(UpdateTimes.class, Operation.UPDATE_TIMES, "update_times", Map.of("customer_id", customerId));
    }

    public void setWindows(WindowSubject subject, Map<String, Object> windows) {
        text(Operation.SET_WINDOWS, Map.of(subject.argument(), subject.id(), "windows", windows));
    }

    public void removeWindows(WindowSubject subject) {
        text(Operation.REMOVE_WINDOWS, Map.of(subject.argument(), subject.id()));
    }

    /** @param zone empty: that of what is around it */
    public void setTimeZone(WindowSubject subject, Optional<String> zone) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put(subject.argument(), subject.id());
        variables.put("time_zone", zone.orElse(null));
        text(Operation.SET_TIME_ZONE, variables);
    }

    /** @param minutes 0: no longer */
    public void openWindows(WindowSubject subject, int minutes, String reason) {
        text(Operation.OPEN_WINDOWS, Map.of(subject.argument(), subject.id(), "minutes", minutes, "reason", reason));
    }

    public void revokeKey(String keyId) {
        text(Operation.REVOKE_API_KEY, Map.of("api_key_id", keyId));
    }

    /** Returns the service's id when the import is over. */
    public String importService(ImportInput input) {
        return client.call(Operation.IMPORT_SERVICE, Map.of("input", input.variables()), IMPORT)
                .map(Object::toString)
                .orElseThrow(this::withoutAnswer);
    }

    public void selectVersion(List<String> instanceIds, VersionSelector selector) {
        required(
                Operation.SELECT_VERSION,
                Map.of("node_service_instance_ids", instanceIds, "version_target_selector", selector.variables()));
    }

    /** The new instance's id. */
    public String addInstance(String serviceId, String nodeId, VersionSelector selector) {
        return text(
                Operation.ADD_INSTANCE,
                Map.of(
                        "node_service_id",
                        serviceId,
                        "node_id",
                        nodeId,
                        "version_target_selector",
                        selector.variables()));
    }

    /** On each device of a group, now and later; the answer is the rule's id. */
    public String addGroupService(String groupId, String serviceId, VersionSelector selector) {
        return text(
                Operation.ADD_GROUP_SERVICE,
                Map.of(
                        "group_id",
                        groupId,
                        "node_service_id",
                        serviceId,
                        "version_target_selector",
                        selector.variables()));
    }

    public GroupService groupService(String groupServiceId) {
        return one(
                GroupService.class, required(Operation.GROUP_SERVICE, Map.of("group_node_service_id", groupServiceId)));
    }

    /** Which services devices have by their groups. */
    public List<GroupService> groupServices(String customerId, Optional<String> groupId, Optional<String> serviceId) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId));
        groupId.ifPresent(id -> variables.put("group_id", id));
        serviceId.ifPresent(id -> variables.put("node_service_id", id));
        return pages(GroupService.class, Operation.GROUP_SERVICES, "group_node_services", variables);
    }

    /** Which devices are to have a service by a group and can't. */
    public List<AbsentInstance> absentInstances(String customerId, String groupServiceId) {
        return pages(
                AbsentInstance.class,
                Operation.ABSENT_INSTANCES,
                "absent_instances",
                Map.of("customer_id", customerId, "group_node_service_id", groupServiceId));
    }

    public void selectVersionOfGroup(String groupServiceId, VersionSelector selector) {
        text(
                Operation.UPDATE_GROUP_SERVICE,
                Map.of("group_node_service_id", groupServiceId, "version_target_selector", selector.variables()));
    }

    public void removeGroupService(String groupServiceId) {
        text(Operation.REMOVE_GROUP_SERVICE, Map.of("group_node_service_id", groupServiceId));
    }

    public void removeInstances(List<String> instanceIds) {
        required(Operation.REMOVE_INSTANCES, Map.of("node_service_instance_ids", instanceIds));
    }

    /** An instance's configuration files by path. */
    public List<ConfigFile> config(String instanceId) {
        return list(ConfigFile.class, required(Operation.CONFIG_FILES, Map.of("node_service_instance_id", instanceId)));
    }

    public void setConfig(String instanceId, List<NewConfigFile> files) {
        required(
                Operation.SET_CONFIG_FILES,
                Map.of(
                        "node_service_instance_id",
                        instanceId,
                        "files",
                        files.stream().map(NewConfigFile::variables).toList()));
    }

    public void removeConfig(String instanceId, List<String> paths) {
        required(Operation.REMOVE_CONFIG_FILES, Map.of("node_service_instance_id", instanceId, "paths", paths));
    }

    /** The keys that an instance finds, by path. */
    public List<InjectedKey> injectedKeys(String instanceId) {
        return list(
                InjectedKey.class, required(Operation.INJECTED_KEYS, Map.of("node_service_instance_id", instanceId)));
    }

    /** The injected key's id; nobody is told the key. */
    public String injectKey(NewInjectedKey key) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("node_service_instance_id", key.instanceId());
        variables.put("whole_customer", key.wholeCustomer());
        key.role().ifPresent(role -> variables.put("role", role));
        key.path().ifPresent(path -> variables.put("path", path));
        key.mode().ifPresent(mode -> variables.put("mode", mode));
        key.rotateMinutes().ifPresent(minutes -> variables.put("rotate_minutes", minutes));
        key.overlapMinutes().ifPresent(minutes -> variables.put("overlap_minutes", minutes));
        return text(Operation.INJECT_KEY, variables);
    }

    /** @param overlapMinutes empty: as was said of the injected key */
    public void rotateInjectedKey(String injectedKeyId, Optional<Long> overlapMinutes) {
        Map<String, Object> variables = new HashMap<>(Map.of("injected_api_key_id", injectedKeyId));
        overlapMinutes.ifPresent(minutes -> variables.put("overlap_minutes", minutes));
        text(Operation.ROTATE_INJECTED_KEY, variables);
    }

    /**
     * How it is rotated from now on.
     *
     * @param rotateMinutes 0: not by itself any more; empty: as before
     * @param overlapMinutes empty: as before
     */
    public void updateInjectedKey(String injectedKeyId, Optional<Long> rotateMinutes, Optional<Long> overlapMinutes) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("injected_api_key_id", injectedKeyId);
        rotateMinutes.ifPresent(minutes -> variables.put("rotate_minutes", minutes == 0 ? null : minutes));
        overlapMinutes.ifPresent(minutes -> variables.put("overlap_minutes", minutes));
        text(Operation.UPDATE_INJECTED_KEY, variables);
    }

    public void removeInjectedKey(String injectedKeyId) {
        text(Operation.REMOVE_INJECTED_KEY, Map.of("injected_api_key_id", injectedKeyId));
    }

    public void retryInstances(List<String> instanceIds) {
        required(Operation.RETRY_INSTANCES, Map.of("node_service_instance_ids", instanceIds));
    }

    /** The token itself: a secret that is shown this once. */
    public String createClaimToken(ClaimRequest claim) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("customer_id", claim.customerId());
        claim.nodeName().ifPresent(name -> variables.put("node_name", name));
        claim.groupId().ifPresent(id -> variables.put("group_id", id));
        claim.uses().ifPresent(uses -> variables.put("uses", uses));
        claim.validMinutes().ifPresent(minutes -> variables.put("valid_minutes", minutes));
        return text(Operation.CREATE_CLAIM_TOKEN, variables);
    }

    public void removeNode(String nodeId) {
        text(Operation.REMOVE_NODE, Map.of("node_id", nodeId));
    }

    /** At most a page. */
    public List<Event> events(EventQuery query, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", query.customerId(), "take", take));
        if (!query.types().isEmpty()) {
            variables.put("types", query.types());
        }
        query.nodeId().ifPresent(id -> variables.put("node_id", id));
        query.serviceId().ifPresent(id -> variables.put("node_service_id", id));
        query.after().ifPresent(id -> {
            variables.put("oldest_first", true);
            variables.put("cursor", id);
        });
        return page(Event.class, Operation.EVENTS, "events", variables);
    }

    public List<Webhook> webhooks(String customerId) {
        return list(Webhook.class, required(Operation.WEBHOOKS, Map.of("customer_id", customerId)));
    }

    public Optional<Webhook> webhook(String webhookId) {
        return optional(Webhook.class, Operation.WEBHOOK, Map.of("webhook_id", webhookId));
    }

    /**
     * The newest first, at most a page.
     *
     * @param state empty: whatever
     */
    public List<WebhookDelivery> deliveries(String webhookId, Optional<String> state, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("webhook_id", webhookId, "take", take));
        state.ifPresent(s -> variables.put("state", s));
        return page(WebhookDelivery.class, Operation.WEBHOOK_DELIVERIES, "deliveries", variables);
    }

    /** The webhook's secret, which is shown this once. */
    public String createWebhook(
            String customerId, String name, String url, List<String> eventTypes, Optional<String> groupId) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId, "name", name, "url", url));
        if (!eventTypes.isEmpty()) {
            variables.put("event_types", eventTypes);
        }
        groupId.ifPresent(id -> variables.put("group_id", id));
        return text(Operation.CREATE_WEBHOOK, variables);
    }

    public void updateWebhook(String webhookId, WebhookUpdate update) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("webhook_id", webhookId);
        update.name().ifPresent(name -> variables.put("name", name));
        update.url().ifPresent(url -> variables.put("url", url));
        update.eventTypes().ifPresent(types -> variables.put("event_types", types));
        update.groupId().ifPresent(id -> variables.put("group_id", id.isEmpty() ? null : id));
        update.enabled().ifPresent(enabled -> variables.put("enabled", enabled));
        text(Operation.UPDATE_WEBHOOK, variables);
    }

    /** The new secret, which is shown this once. */
    public String rotateWebhookSecret(String webhookId, int overlapMinutes) {
        return text(
                Operation.ROTATE_WEBHOOK_SECRET, Map.of("webhook_id", webhookId, "overlap_minutes", overlapMinutes));
    }

    public void removeWebhook(String webhookId) {
        text(Operation.REMOVE_WEBHOOK, Map.of("webhook_id", webhookId));
    }

    /** The ping's delivery's id. */
    public String testWebhook(String webhookId) {
        return text(Operation.TEST_WEBHOOK, Map.of("webhook_id", webhookId));
    }

    public void redeliver(String deliveryId) {
        text(Operation.REDELIVER, Map.of("webhook_delivery_id", deliveryId));
    }

    /** The last {@code tail} lines of an instance's log, and with {@code follow} what comes after, until closed. */
    public InputStream log(String instanceId, boolean follow, int tail) {
        return client.log(instanceId, follow, tail, USUAL);
    }

    private Object required(Operation operation, Map<String, ? extends @Nullable Object> variables) {
        return client.call(operation, variables, USUAL).orElseThrow(this::withoutAnswer);
    }

    private String text(Operation operation, Map<String, ? extends @Nullable Object> variables) {
        return required(operation, variables).toString();
    }

    private <T> Optional<T> optional(
            Class<T> type, Operation operation, Map<String, ? extends @Nullable Object> variables) {
        return client.call(operation, variables, USUAL).map(value -> one(type, value));
    }

    private <T> List<T> pages(Class<T> type, Operation operation, String list, Map<String, Object> variables) {
        List<T> all = new ArrayList<>();
        Map<String, Object> asked = new HashMap<>(variables);
        asked.put("take", PAGE);
        for (int page = 0; page < MOST_PAGES; page++) {
            if (!(required(operation, asked) instanceof Map<?, ?> answer) || answer.get(list) == null) {
                throw withoutAnswer();
            }
            all.addAll(list(type, answer.get(list)));
            if (!(answer.get("next_cursor") instanceof String cursor)) {
                return all;
            }
            asked.put("cursor", cursor);
        }
        return all;
    }

    private <T> List<T> page(Class<T> type, Operation operation, String list, Map<String, Object> variables) {
        if (!(required(operation, variables) instanceof Map<?, ?> answer) || answer.get(list) == null) {
            throw withoutAnswer();
        }
        return list(type, answer.get(list));
    }

    private <T> List<T> list(Class<T> type, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(item -> one(type, item)).toList();
        }
        throw withoutAnswer();
    }

    private <T> T one(Class<T> type, Object value) {
        try {
            return Documents.read(type, value);
        } catch (JsonException | IllegalArgumentException | IllegalStateException e) {
            throw notUnderstood().asException(e);
        }
    }

    private ProblemException withoutAnswer() {
        return notUnderstood().asException();
    }

    private Problem notUnderstood() {
        return new Problem(
                "cloud.not-skerry",
                endpoint + " answered in a way that this program doesn't understand.",
                "The cloud may be of another version; compare with skerry version.");
    }
}
