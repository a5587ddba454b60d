package io.skerry.cli.api;

import io.skerry.spec.ProblemException;
import java.io.InputStream;
import java.time.Duration;
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
    /** Images can be large and registries slow; the import itself goes on in the cloud after this. */
    private static final Duration IMPORT = Duration.ofHours(2);

    private final Endpoint endpoint;
    private final CloudClient client;
    private final Calls calls;

    private Fleet(Endpoint endpoint, CloudClient client) {
        this.endpoint = endpoint;
        this.client = client;
        this.calls = new Calls(endpoint, client);
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

    public Webhooks webhooks() {
        return new Webhooks(calls);
    }

    public ConfigFiles configFiles() {
        return new ConfigFiles(calls);
    }

    public InjectedKeys injectedKeys() {
        return new InjectedKeys(calls);
    }

    public PhasedRollouts phasedRollouts() {
        return new PhasedRollouts(calls);
    }

    public UpdateWindows updateWindows() {
        return new UpdateWindows(calls);
    }

    public ClaimTokens claimTokens() {
        return new ClaimTokens(calls);
    }

    public GroupServices groupServices() {
        return new GroupServices(calls);
    }

    public List<Customer> customers() {
        return calls.pages(Customer.class, Operation.CUSTOMERS, "customers", Map.of());
    }

    /** The keys of the whole installation. */
    public List<ApiKey> installationKeys() {
        return calls.pages(ApiKey.class, Operation.API_KEYS, "api_keys", Map.of());
    }

    public List<ApiKey> keysOf(String customerId) {
        return calls.pages(ApiKey.class, Operation.API_KEYS, "api_keys", Map.of("customer_id", customerId));
    }

    /** @param customerId empty: those of the whole installation */
    public List<LoginRule> loginRules(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customerId) {
        Map<String, Object> variables = new HashMap<>();
        customerId.ifPresent(id -> variables.put("customer_id", id));
        return calls.pages(LoginRule.class, Operation.LOGIN_RULES, "login_rules", variables);
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
        return calls.text(Operation.CREATE_LOGIN_RULE, variables);
    }

    public void removeLoginRule(String loginRuleId) {
        calls.text(Operation.REMOVE_LOGIN_RULE, Map.of("login_rule_id", loginRuleId));
    }

    public List<ServiceSummary> services(String customerId) {
        return calls.pages(ServiceSummary.class, Operation.SERVICES, "services", Map.of("customer_id", customerId));
    }

    public Optional<Service> service(String serviceId) {
        return calls.withAll(
                Service.class,
                Operation.SERVICE,
                Operation.SERVICE_VERSIONS,
                "versions",
                Map.of("node_service_id", serviceId));
    }

    /** What two versions of a service differ in, by field. */
    public List<Difference> difference(String serviceId, int from, int to) {
        return calls.list(
                Difference.class,
                calls.required(
                        Operation.DIFFERENCE,
                        Map.of("node_service_id", serviceId, "from_version", from, "to_version", to)));
    }

    /** @param retired false: it is brought back */
    public void retireVersion(String serviceId, int version, boolean retired) {
        calls.text(
                Operation.RETIRE_VERSION,
                Map.of("node_service_id", serviceId, "container_version", version, "retired", retired));
    }

    public void removeVersion(String serviceId, int version) {
        calls.text(Operation.REMOVE_VERSION, Map.of("node_service_id", serviceId, "container_version", version));
    }

    public void removeService(String serviceId) {
        calls.text(Operation.REMOVE_SERVICE, Map.of("node_service_id", serviceId));
    }

    public Optional<ServiceImport> serviceImport(String importId) {
        return calls.optional(ServiceImport.class, Operation.IMPORT, Map.of("import_id", importId));
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
        return calls.pages(NodeSummary.class, Operation.NODES, "nodes", variables);
    }

    public List<NodeGroup> groups(String customerId) {
        return calls.pages(NodeGroup.class, Operation.GROUPS, "groups", Map.of("customer_id", customerId));
    }

    /** The newest lines, newest first, of at most one page. */
    public List<AuditEntry> audit(AuditQuery query, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("take", take));
        query.customerId().ifPresent(id -> variables.put("customer_id", id));
        query.subjectId().ifPresent(id -> variables.put("subject_id", id));
        query.actorId().ifPresent(id -> variables.put("actor_id", id));
        if (!(calls.required(Operation.AUDIT, variables) instanceof Map<?, ?> answer)
                || answer.get("entries") == null) {
            throw calls.withoutAnswer();
        }
        return calls.list(AuditEntry.class, answer.get("entries"));
    }

    public Optional<Node> node(String nodeId) {
        return calls.optional(Node.class, Operation.NODE, Map.of("node_id", nodeId));
    }

    public List<Instance> instances(InstanceFilter filter) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("customer_id", filter.customerId());
        filter.serviceId().ifPresent(id -> variables.put("node_service_id", id));
        filter.nodeId().ifPresent(id -> variables.put("node_id", id));
        return calls.pages(Instance.class, Operation.INSTANCES, "instances", variables);
    }

    public Optional<Instance> instance(String instanceId) {
        return calls.optional(Instance.class, Operation.INSTANCE, Map.of("node_service_instance_id", instanceId));
    }

    public Rollout rollout(String serviceId) {
        return calls.withAll(
                        Rollout.class,
                        Operation.ROLLOUT,
                        Operation.ROLLOUT_INSTANCES,
                        "instances",
                        Map.of("node_service_id", serviceId))
                .orElseThrow(calls::withoutAnswer);
    }

    /** The new customer's id. */
    public String createCustomer(String name) {
        return calls.text(Operation.CREATE_CUSTOMER, Map.of("name", name));
    }

    public void renameCustomer(String customerId, String name) {
        calls.text(Operation.RENAME_CUSTOMER, Map.of("customer_id", customerId, "name", name));
    }

    /** The key itself: a secret that is shown this once. */
    public String createKey(KeyRequest key) {
        Map<String, Object> variables = new HashMap<>(Map.of("name", key.name()));
        key.customerId().ifPresent(id -> variables.put("customer_id", id));
        key.role().ifPresent(role -> variables.put("role", role));
        key.nodeId().ifPresent(id -> variables.put("node_id", id));
        key.validMinutes().ifPresent(minutes -> variables.put("valid_minutes", minutes));
        return calls.text(Operation.CREATE_API_KEY, variables);
    }

    /** The new group's id; without a parent it is at the customer's root. */
    public String createGroup(String customerId, Optional<String> parentId, String name) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId, "name", name));
        parentId.ifPresent(id -> variables.put("parent_group_id", id));
        return calls.text(Operation.CREATE_GROUP, variables);
    }

    public void renameGroup(String groupId, String name) {
        calls.text(Operation.RENAME_GROUP, Map.of("group_id", groupId, "name", name));
    }

    public void moveGroup(String groupId, Optional<String> parentId) {
        Map<String, Object> variables = new HashMap<>(Map.of("group_id", groupId));
        parentId.ifPresent(id -> variables.put("parent_group_id", id));
        calls.text(Operation.MOVE_GROUP, variables);
    }

    public void removeGroup(String groupId) {
        calls.text(Operation.REMOVE_GROUP, Map.of("group_id", groupId));
    }

    public void updateNode(String nodeId, NodeUpdate update) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("node_id", nodeId);
        update.name().ifPresent(name -> variables.put("name", name));
        update.group().ifPresent(group -> variables.put("group_id", group.isEmpty() ? null : group));
        update.labels().ifPresent(labels -> variables.put("labels", Word.variables(labels)));
        update.attributes().ifPresent(all -> variables.put("attributes", Word.variables(all)));
        calls.text(Operation.UPDATE_NODE, variables);
    }

    public void revokeKey(String keyId) {
        calls.text(Operation.REVOKE_API_KEY, Map.of("api_key_id", keyId));
    }

    /** Returns the service's id when the import is over. */
    public String importService(ImportInput input) {
        return client.call(Operation.IMPORT_SERVICE, Map.of("input", input.variables()), IMPORT)
                .map(Object::toString)
                .orElseThrow(calls::withoutAnswer);
    }

    public void selectVersion(List<String> instanceIds, VersionSelector selector) {
        calls.required(
                Operation.SELECT_VERSION,
                Map.of("node_service_instance_ids", instanceIds, "version_target_selector", selector.variables()));
    }

    /** The new instance's id. */
    public String addInstance(String serviceId, String nodeId, VersionSelector selector) {
        return calls.text(
                Operation.ADD_INSTANCE,
                Map.of(
                        "node_service_id",
                        serviceId,
                        "node_id",
                        nodeId,
                        "version_target_selector",
                        selector.variables()));
    }

    public void removeInstances(List<String> instanceIds) {
        calls.required(Operation.REMOVE_INSTANCES, Map.of("node_service_instance_ids", instanceIds));
    }

    public void retryInstances(List<String> instanceIds) {
        calls.required(Operation.RETRY_INSTANCES, Map.of("node_service_instance_ids", instanceIds));
    }

    public void removeNode(String nodeId) {
        calls.text(Operation.REMOVE_NODE, Map.of("node_id", nodeId));
    }

    /** At most a page. */
    public List<Event> events(EventQuery query, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", query.customerId(), "take", take));
        if (!query.types().isEmpty()) {
            variables.put("types", query.types());
        }
        query.nodeId().ifPresent(id -> variables.put("node_id", id));
        query.serviceId().ifPresent(id -> variables.put("node_service_id", id));
        query.instanceId().ifPresent(id -> variables.put("node_service_instance_id", id));
        query.after().ifPresent(id -> {
            variables.put("oldest_first", true);
            variables.put("cursor", id);
        });
        return calls.page(Event.class, Operation.EVENTS, "events", variables);
    }

    /** The last {@code tail} lines of an instance's log, and with {@code follow} what comes after, until closed. */
    public InputStream log(String instanceId, boolean follow, int tail) {
        return client.log(instanceId, follow, tail, Calls.USUAL);
    }
}
