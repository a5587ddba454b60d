package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.Argument;
import graphql.language.EnumValue;
import graphql.language.FieldDefinition;
import graphql.language.NonNullType;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.idl.SchemaParser;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Customers, roles, keys, groups and the audit log, as they are asked for and refused. */
@Tag(TestDatabase.TAG)
class TenancyTest {
    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;
    private String node;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(
                folder,
                ask -> {
                    throw new AssertionError("nothing is fetched here");
                },
                Set.of());
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    // --- roles

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachFieldIsRefusedToWhoeverHasTooSmallARole(Role role) {
        Caller caller =
                new Caller(FleetFixture.TESTER, Optional.of(customer), role, Optional.empty(), Optional.empty());
        Map<String, Boolean> refused = new TreeMap<>();
        Map<String, Boolean> expected = new TreeMap<>();

        calls().forEach((field, call) -> {
            refused.put(field, refusedForRole(fleet.askAs(caller, call)));
            expected.put(field, !role.includes(needed(field)));
        });

        assertThat(refused).isEqualTo(expected);
    }

    @Test
    void everyOperationIsAmongThoseThatAreTried() {
        assertThat(calls().keySet())
                .isEqualTo(fields("Query", "Mutation", "Subscription").keySet());
    }

    private static boolean refusedForRole(Map<String, @Nullable Object> answer) {
        return answer.containsKey("errors") && code(answer).equals("authorization.role");
    }

    /** One call of each field, which needn't succeed. */
    private Map<String, String> calls() {
        Map<String, String> calls = new TreeMap<>();
        fields("Query", "Mutation", "Subscription").forEach((name, field) -> {
            String arguments = field.getInputValueDefinitions().stream()
                    .filter(a -> a.getType() instanceof NonNullType && a.getDefaultValue() == null)
                    .map(a -> a.getName() + ": " + sample(a.getName()))
                    .collect(Collectors.joining(", "));
            String call = name + (arguments.isEmpty() ? "" : "(" + arguments + ")");
            boolean leaf = field.getType().toString().contains("name='ID'")
                    || field.getType().toString().contains("name='String'");
            String kind = fields("Query").containsKey(name)
                    ? "query"
                    : fields("Mutation").containsKey(name) ? "mutation" : "subscription";
            calls.put(name, kind + " { " + call + (leaf ? "" : " { __typename }") + " }");
        });
        return calls;
    }

    private String sample(String argument) {
        return switch (argument) {
            case "customer_id" -> "\"" + customer + "\"";
            case "customer_ids" -> "[\"" + customer + "\"]";
            case "input" -> "{customer_id: \"" + customer + "\", node_service_input: {name: \"web\"}}";
            case "windows" -> "{}";
            case "minutes" -> "1";
            case "claim" -> "group";
            case "container_version", "from_version", "to_version" -> "1";
            case "files" -> "[{path: \"/etc/a\", content: \"a\"}]";
            case "url" -> "\"https://receiver.example/\"";
            case "paths" -> "[\"/etc/a\"]";
            default -> argument.endsWith("_ids") ? "[\"none\"]" : "\"none\"";
        };
    }

    private static Map<String, FieldDefinition> fields(String... types) {
        Map<String, FieldDefinition> fields = new TreeMap<>();
        var schema = new SchemaParser().parse(FleetApi.text());
        for (String type : types) {
            ((ObjectTypeDefinition) Objects.requireNonNull(schema.getTypeOrNull(type)))
                    .getFieldDefinitions()
                    .forEach(f -> fields.put(f.getName(), f));
        }
        return fields;
    }

    private static Role needed(String field) {
        FieldDefinition definition = Objects.requireNonNull(
                fields("Query", "Mutation", "Subscription").get(field));
        Argument role = Objects.requireNonNull(
                definition.getDirectives("needs").getFirst().getArgument("role"));
        return Role.of(((EnumValue) role.getValue()).getName());
    }

    // --- keys

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
        assertThat(data(fleet.askAs(caller, "{ DM_get_node(node_id: \"" + other + "\") { name } }")) + "")
                .contains("DM_get_node=null");
        for (String call : List.of(
                "{ DM_get_nodes(customer_id: \"" + customer + "\") { nodes { name } } }",
                "{ DM_get_node_services(customer_id: \"" + customer + "\") { services { name } } }",
                "{ Authz_get_api_keys(customer_id: \"" + customer + "\") { name } }",
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
    void theLastKeyThatLastsAndMayDoEverythingCantBeRevoked() {
        String first = fleet.keyOfInstallation("first").apiKeyId();
        data(fleet.ask("mutation { Authz_create_api_key(name: \"short\", role: admin, valid_minutes: 60) }"));
        data(fleet.ask("mutation { Authz_create_api_key(name: \"screen\", role: viewer) }"));

        assertThat(code(fleet.ask("mutation { Authz_revoke_api_key(api_key_id: \"" + first + "\") }")))
                .isEqualTo("api-key.last");
    }

    private Map<String, @Nullable Object> create(String arguments) {
        return fleet.ask("mutation { Authz_create_api_key(customer_id: \"" + customer + "\", " + arguments + ") }");
    }

    private String secret(String arguments) {
        return String.valueOf(data(create(arguments)).get("Authz_create_api_key"));
    }

    private String keys(String of) {
        return data(fleet.ask("{ Authz_get_api_keys(customer_id: \"" + of
                        + "\") { name role node_id expires_at revoked_at } }"))
                + "";
    }

    // --- groups

    @Test
    void devicesAreListedByGroupWithAndWithoutTheGroupsWithin() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        put(node, line);
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        put(beta, trains);

        assertThat(nodes("group_id: \"" + trains + "\"")).containsExactly("alpha", "beta");
        assertThat(nodes("group_id: \"" + trains + "\", recursive: false")).containsExactly("beta");
        assertThat(nodes("group_id: \"" + line + "\"")).containsExactly("alpha");
    }

    @Test
    void aGroupMovesWithAllThatIsInIt() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        String cars = group("cars", line);
        put(node, cars);
        String depot = group("depot", "");

        data(fleet.ask(
                "mutation { Authz_move_group(group_id: \"" + line + "\", parent_group_id: \"" + depot + "\") }"));

        assertThat(nodes("group_id: \"" + depot + "\"")).containsExactly("alpha");
        assertThat(nodes("group_id: \"" + trains + "\"")).isEmpty();
        assertThat(ids("recursive: false")).containsExactlyInAnyOrder(trains, depot);
        assertThat(ids("recursive: true")).containsExactlyInAnyOrder(trains, depot, line, cars);
    }

    @Test
    void groupsThatMakeNoSenseAreRefused() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        String theirs = data(fleet.ask("mutation { Authz_create_group(customer_id: \"" + fleet.customer("south")
                                + "\", name: \"theirs\") }"))
                        .get("Authz_create_group")
                + "";

        assertThat(code(move(trains, trains))).isEqualTo("group.cycle");
        assertThat(code(move(trains, line))).isEqualTo("group.cycle");
        assertThat(code(move(trains, theirs))).isEqualTo("group.unknown");
        assertThat(code(make("trains", ""))).isEqualTo("group.exists");
        assertThat(code(make("..", ""))).isEqualTo("name.malformed");
        assertThat(code(make("new", theirs))).isEqualTo("group.unknown");
        assertThat(code(remove(trains))).isEqualTo("group.not-empty");
        put(node, line);
        assertThat(code(remove(line))).isEqualTo("group.not-empty");
        assertThat(code(fleet.askAs(customer, "mutation { Authz_remove_group(group_id: \"" + theirs + "\") }")))
                .isEqualTo("group.unknown");
        assertThat(code(fleet.ask(
                        "mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + theirs + "\") }")))
                .isEqualTo("group.unknown");
    }

    @Test
    void groupsAreNestedSixteenDeepAndNoDeeperNorByMoving() {
        String top = group("g0", "");
        String deepest = top;
        for (int i = 1; i < 16; i++) {
            deepest = group("g" + i, deepest);
        }
        String other = group("other", "");

        assertThat(code(make("g16", deepest))).isEqualTo("group.too-deep");
        assertThat(code(move(top, other))).isEqualTo("group.too-deep");
    }

    @Test
    void aGroupWithNothingInItIsRemoved() {
        String trains = group("trains", "");
        put(node, trains);
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: null) }"));

        data(remove(trains));

        assertThat(ids("recursive: true")).isEmpty();
    }

    private Map<String, @Nullable Object> make(String name, String parent) {
        return fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"" + name + "\""
                + (parent.isEmpty() ? "" : ", parent_group_id: \"" + parent + "\"") + ") }");
    }

    private String group(String name, String parent) {
        return data(make(name, parent)).get("Authz_create_group") + "";
    }

    private Map<String, @Nullable Object> move(String group, String parent) {
        return fleet.ask(
                "mutation { Authz_move_group(group_id: \"" + group + "\", parent_group_id: \"" + parent + "\") }");
    }

    private Map<String, @Nullable Object> remove(String group) {
        return fleet.ask("mutation { Authz_remove_group(group_id: \"" + group + "\") }");
    }

    private void put(String nodeId, String group) {
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + nodeId + "\", group_id: \"" + group + "\") }"));
    }

    private List<String> ids(String arguments) {
        return strings(data(fleet.ask(
                        "{ Authz_group_ids_by_customer_ids(customer_ids: [\"" + customer + "\"], " + arguments + ") }"))
                .get("Authz_group_ids_by_customer_ids"));
    }

    private static List<String> strings(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).toList();
    }

    private List<String> nodes(String arguments) {
        Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(data(fleet.ask(
                        "{ DM_get_nodes(customer_id: \"" + customer + "\", " + arguments + ") { nodes { name } } }"))
                .get("DM_get_nodes"));
        return list(page, "nodes").stream()
                .map(n -> ((Map<?, ?>) n).get("name") + "")
                .sorted()
                .toList();
    }

    // --- labels and attributes

    @Test
    void labelsSelectDevicesThatHaveAllOfThem() {
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                + "\", labels: [{name: \"site\", value: \"berlin\"}, {name: \"canary\", value: \"\"}]) }"));
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + beta
                + "\", labels: [{name: \"site\", value: \"berlin\"}]) }"));

        assertThat(nodes("labels: [{name: \"site\", value: \"berlin\"}]")).containsExactly("alpha", "beta");
        assertThat(nodes("labels: [{name: \"site\", value: \"berlin\"}, {name: \"canary\", value: \"\"}]"))
                .containsExactly("alpha");
        assertThat(nodes("labels: [{name: \"site\", value: \"bonn\"}]")).isEmpty();
    }

    @Test
    void whatIsLeftOutOfANodesChangeStays() {
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                + "\", labels: [{name: \"site\", value: \"berlin\"}],"
                + " attributes: [{name: \"place\", value: \"second pole, behind the \\\"kiosk\\\"\"}]) }"));

        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"gamma\") }"));

        assertThat(data(fleet.ask("{ DM_get_node(node_id: \"" + node
                                + "\") { name labels { name value } attributes { name value } } }"))
                        + "")
                .contains("gamma", "site", "berlin", "second pole, behind the \"kiosk\"");
    }

    @Test
    void wordsThatMakeNoSenseAreRefused() {
        assertThat(code(label("a b", "x"))).isEqualTo("node.label-malformed");
        assertThat(code(label("a", "x y"))).isEqualTo("node.label-malformed");
        assertThat(code(label("a".repeat(64), "x"))).isEqualTo("node.label-malformed");
        assertThat(code(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                        + "\", labels: [{name: \"a\", value: \"1\"}, {name: \"a\", value: \"2\"}]) }")))
                .isEqualTo("input.twice");
        assertThat(code(fleet.ask("mutation { DM_update_node(node_id: \"" + node
                        + "\", attributes: [{name: \"a\", value: \"" + "x".repeat(1025) + "\"}]) }")))
                .isEqualTo("node.attribute-malformed");
        fleet.node(customer, "beta", Architecture.AMD64);
        assertThat(code(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"beta\") }")))
                .isEqualTo("node.exists");
    }

    @Test
    void moreThanSixtyFourLabelsAreRefused() {
        String many = java.util.stream.IntStream.range(0, 65)
                .mapToObj(i -> "{name: \"l" + i + "\", value: \"\"}")
                .collect(Collectors.joining(", "));

        assertThat(code(fleet.ask("{ DM_get_nodes(customer_id: \"" + customer + "\", labels: [" + many
                        + "]) { nodes { name } } }")))
                .isEqualTo("input.too-many");
    }

    private Map<String, @Nullable Object> label(String name, String value) {
        return fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", labels: [{name: \"" + name
                + "\", value: \"" + value + "\"}]) }");
    }

    // --- audit

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
        String key = fleet.key(customer, "k").apiKeyId();
        data(fleet.ask("mutation { Authz_revoke_api_key(api_key_id: \"" + key + "\") }"));
        String rule = data(fleet.ask("mutation { Authz_create_login_rule(customer_id: \"" + customer
                                + "\", claim: group, value: \"operators\") }"))
                        .get("Authz_create_login_rule")
                + "";
        data(fleet.ask("mutation { Authz_remove_login_rule(login_rule_id: \"" + rule + "\") }"));
        data(fleet.ask("mutation { DM_create_claim_token(customer_id: \"" + customer + "\") }"));
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

    private static List<?> list(Map<?, ?> page, String field) {
        return (List<?>) Objects.requireNonNull(page.get(field));
    }
}
