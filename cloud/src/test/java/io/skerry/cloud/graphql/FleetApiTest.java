package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.service.ImportCursor;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the Unwired Edge Cloud's documentation run as they are written there, but for ids and hosts. */
@Tag(TestDatabase.TAG)
class FleetApiTest {
    private final MemoryRegistry registry = new MemoryRegistry();
    private final FleetFixture fleet;
    private final String customer;
    private final String node;

    FleetApiTest(@TempDir Path root) {
        fleet = new FleetFixture(root, registry, Set.of());
        customer = fleet.customer("acme");
        node = fleet.node(customer, "gate-1", Architecture.AMD64);
        registry.push("your-image", "latest", TestImage.of(Architecture.AMD64, "one"));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private String imported(String name) {
        return (String) value(fleet.ask("""
                        mutation { DM_import_node_service(input: { customer_id: "%s"
                            node_service_input: { container_image: "your-image" name: "%s" }
                            image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}] }) }
                        """.formatted(customer, name)), "DM_import_node_service");
    }

    private String added(String service) {
        return (String) value(
                fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"%s\") }"
                        .formatted(service, node)),
                "DM_add_node_service_instance");
    }

    private static Object value(Map<String, @Nullable Object> answer, String field) {
        Object value = data(answer).get(field);
        if (value == null) {
            throw new AssertionError(field + " is null: " + answer);
        }
        return value;
    }

    private static Map<?, ?> object(Map<String, @Nullable Object> answer, String field) {
        return (Map<?, ?>) value(answer, field);
    }

    @Test
    void importsAsTheDocumentationDoes() {
        Object id = value(fleet.ask("""
                        mutation import_with_gpsd_access {
                          DM_import_node_service(
                            input: {
                              customer_id: "%s"
                              node_service_input: {
                                container_image: "your-image"
                                name: "your-service"
                                access_gpsd_enabled: false
                              }
                              image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}]
                            }
                          )
                        }
                        """.formatted(customer)), "DM_import_node_service");
        Object page = value(fleet.ask("""
                        query DM_get_node_services {
                          DM_get_node_services(customer_id: "%s", take: 10) {
                            services {
                              name
                              node_service_id
                              container_version
                              container_image
                            }
                          }
                        }
                        """.formatted(customer)), "DM_get_node_services");
        assertThat(page)
                .isEqualTo(Map.of(
                        "services",
                        List.of(Map.of(
                                "name",
                                "your-service",
                                "node_service_id",
                                id,
                                "container_version",
                                1L,
                                "container_image",
                                "your-image"))));
    }

    @Test
    void refusesGpsdAccessWithWordsUntilADeviceCanHaveIt() {
        var answer = fleet.ask("""
                mutation import_with_gpsd_access {
                  DM_import_node_service(
                    input: {
                      customer_id: "%s"
                      node_service_input: {
                        container_image: "your-image"
                        name: "your-service"
                        access_gpsd_enabled: true
                      }
                      image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}]
                    }
                  )
                }
                """.formatted(customer));
        assertThat(code(answer)).isEqualTo("capability.unsupported");
        assertThat(message(answer)).contains("access_gpsd_enabled");
        assertThat(registry.asked()).isZero();
    }

    @Test
    void theExampleWithOnlyMetadataSaysWhatNamesTheService() {
        String example = """
                mutation import_container_with_volume {
                  DM_import_node_service(
                    input: {
                      customer_id: "%s"
                      %s
                      metadata: {
                        memory_limit_mb: 50
                        volumes: [
                          {
                            source: "data"
                            target: "/data"
                          }
                        ]
                      }
                    }
                  )
                }
                """;
        assertThat(code(fleet.ask(example.formatted(customer, "")))).isEqualTo("service.unnamed");

        String service = imported("web");
        assertThat(value(
                        fleet.ask(example.formatted(customer, "node_service_id: \"" + service + "\"")),
                        "DM_import_node_service"))
                .isEqualTo(service);
        Map<?, ?> found = object(fleet.ask("""
                        { DM_get_node_service(node_service_id: "%s") { container_version container_image
                            versions { versions { container_version memory_limit_mb volumes { source target }
                                images { arch image_reference } } } } }
                        """.formatted(service)), "DM_get_node_service");
        assertThat(found)
                .isEqualTo(Map.of(
                        "container_version",
                        2L,
                        "container_image",
                        "your-image",
                        "versions",
                        Map.of(
                                "versions",
                                List.of(
                                        Map.of(
                                                "container_version",
                                                2L,
                                                "memory_limit_mb",
                                                50L,
                                                "volumes",
                                                List.of(Map.of("source", "data", "target", "/data")),
                                                "images",
                                                List.of(Map.of(
                                                        "arch",
                                                        "amd64",
                                                        "image_reference",
                                                        "registry.example/your-image:latest"))),
                                        Map.of(
                                                "container_version",
                                                1L,
                                                "memory_limit_mb",
                                                128L,
                                                "volumes",
                                                List.of(),
                                                "images",
                                                List.of(Map.of(
                                                        "arch",
                                                        "amd64",
                                                        "image_reference",
                                                        "registry.example/your-image:latest")))))));
    }

    @Test
    void followsEachSelectorOfTheDocumentation() {
        String service = imported("web");
        String instance = added(service);
        imported("web");
        assertThat(standing(instance)).containsEntry("target_version", 2L);

        assertThat(value(fleet.ask("""
                                mutation DM_update_node_service_instance_rollout_config {
                                  DM_update_node_service_instance_rollout_config(
                                    node_service_instance_ids: ["%s"]
                                    version_target_selector: { value: "version:1" }
                                  )
                                }
                                """.formatted(instance)), "DM_update_node_service_instance_rollout_config"))
                .isEqualTo(List.of(instance));
        assertThat(standing(instance))
                .containsEntry("target_version", 1L)
                .containsEntry("version_target_selector", "version:1");

        select(instance, "{ value: \"disabled\" }");
        imported("web");
        assertThat(standing(instance))
                .containsEntry("target_version", 1L)
                .containsEntry("state", "disabled")
                .containsEntry("version_target_selector", "disabled");

        select(instance, "{ value: null }");
        assertThat(standing(instance))
                .containsEntry("target_version", 3L)
                .containsEntry("version_target_selector", null);

        select(instance, "{ value: \"version:1\" }");
        select(instance, "null");
        assertThat(standing(instance))
                .containsEntry("target_version", 3L)
                .containsEntry("version_target_selector", null);
    }

    private void select(String instance, String selector) {
        assertThat(value(fleet.ask(selection(instance, selector)), "DM_update_node_service_instance_rollout_config"))
                .isEqualTo(List.of(instance));
    }

    private static String selection(String instance, String selector) {
        return "mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\"" + instance
                + "\"], version_target_selector: " + selector + ") }";
    }

    private Map<String, Object> standing(String instance) {
        @SuppressWarnings("unchecked")
        var found = (Map<String, Object>) value(fleet.ask("""
                        { DM_get_node_service_instance(node_service_instance_id: "%s") {
                            target_version state version_target_selector } }
                        """.formatted(instance)), "DM_get_node_service_instance");
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"version:201", "version:0", "version:-1", "version:x", "latest", "", "branch:main"})
    void aSelectorThatCanNotBeFollowedIsRefusedAndChangesNothing(String selector) {
        String instance = added(imported("web"));
        var answer = fleet.ask(selection(instance, "{ value: \"" + selector + "\" }"));
        assertThat(code(answer)).isIn("selector.malformed", "service.version-unknown");
        assertThat(standing(instance)).containsEntry("version_target_selector", null);
    }

    @Test
    void aForgottenSelectorIsNotTakenForTheLatest() {
        String instance = added(imported("web"));
        assertThat(code(fleet.ask("mutation { DM_update_node_service_instance_rollout_config("
                        + "node_service_instance_ids: [\"" + instance + "\"]) }")))
                .isEqualTo("selector.missing");
        assertThat(code(fleet.ask(selection(instance, "{}")))).isEqualTo("selector.missing");
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

    private Map<?, ?> services(String arguments) {
        return object(
                fleet.ask("{ DM_get_node_services(customer_id: \"" + customer + "\", " + arguments
                        + ") { services { name } next_cursor } }"),
                "DM_get_node_services");
    }

    private static List<Object> names(Map<?, ?> page) {
        if (!(page.get("services") instanceof List<?> services)) {
            throw new AssertionError("no services in " + page);
        }
        return services.stream()
                .<Object>map(s -> String.valueOf(((Map<?, ?>) s).get("name")))
                .toList();
    }

    @Test
    void anotherCustomersThingsAreAsIfTheyWereNotThere() {
        String service = imported("web");
        String instance = added(service);
        String other = fleet.customer("rival");
        String absent = "00000000-0000-7000-8000-000000000000";
        for (String id : List.of(service, absent)) {
            assertThat(data(fleet.askAs(other, "{ DM_get_node_service(node_service_id: \"" + id + "\") { name } }")))
                    .containsEntry("DM_get_node_service", null);
        }
        same(
                other,
                "mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"" + node + "\") }",
                service,
                absent);
        same(
                other,
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"%s\"]) }",
                instance,
                absent);
        same(
                other,
                "mutation { DM_retry_node_service_instances(node_service_instance_ids: [\"%s\"]) }",
                instance,
                absent);
        same(other, "mutation { DM_remove_node(node_id: \"%s\") }", node, absent);
        same(other, "{ DM_get_node_services(customer_id: \"%s\") { next_cursor } }", customer, absent);
        same(other, "{ DM_get_nodes(customer_id: \"%s\") { next_cursor } }", customer, absent);
        same(
                other,
                "mutation { DM_import_node_service(input: {customer_id: \"%s\", node_service_input: {name: \"web\"}}) }",
                customer,
                absent);
        same(other, "mutation { DM_create_claim_token(customer_id: \"%s\") }", customer, absent);
        assertThat(data(fleet.askAs(
                        customer,
                        "mutation { DM_create_claim_token(customer_id: \"" + customer
                                + "\", uses: null, valid_minutes: null) }")))
                .containsKey("DM_create_claim_token");
        same(other, "mutation { Authz_create_api_key(customer_id: \"%s\", name: \"x\") }", customer, absent);
        same(
                other,
                "mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\"%s\"],"
                        + " version_target_selector: null) }",
                instance,
                absent);
        same(
                other,
                "mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \"%s\") }",
                node,
                absent);
        String key = fleet.key(customer, "ours").apiKeyId();
        String first = fleet.keyOfInstallation("operators").apiKeyId();
        for (String id : List.of(key, first)) {
            same(other, "mutation { Authz_revoke_api_key(api_key_id: \"%s\") }", id, absent);
        }
        same(other, "{ Authz_get_api_keys(customer_id: \"%s\") { api_keys { name } } }", customer, absent);
        same(other, "{ DM_get_node_service_imports(customer_id: \"%s\") { imports { state } } }", customer, absent);
        same(other, "{ DM_get_node_service_instances(customer_id: \"%s\") { next_cursor } }", customer, absent);
        same(other, "{ DM_get_node(node_id: \"%s\") { name } }", node, absent);
        same(other, "{ DM_get_node_service_instance(node_service_instance_id: \"%s\") { state } }", instance, absent);
        String started = fleet.imports
                .newest(customer, 1, ImportCursor.BEGINNING)
                .items()
                .getFirst()
                .importId();
        same(other, "{ DM_get_node_service_import(import_id: \"%s\") { state } }", started, absent);
        same(
                other,
                "mutation { DM_import_node_service(input: {customer_id: \"" + other
                        + "\", node_service_id: \"%s\", metadata: {memory_limit_mb: 64}}) }",
                service,
                absent);
        for (String installation : List.of(
                "{ Authz_get_api_keys { api_keys { name } } }",
                "mutation { Authz_create_api_key(name: \"mine\") }",
                "mutation { Authz_create_customer(name: \"mine\") }")) {
            assertThat(code(fleet.askAs(other, installation))).isEqualTo("authorization.installation");
        }
        assertThat(fleet.keys.find(key).orElseThrow().revokedAt()).isEmpty();
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isEmpty();
        same(other, "{ DM_get_node_service_rollout(node_service_id: \"%s\") { total } }", service, absent);
        assertThat(fleet.instances.find(instance)).isPresent();
    }

    /** Asks for what is there but another customer's, and for what isn't there: no difference but the id. */
    private void same(String caller, String query, String there, String absent) {
        var first = fleet.askAs(caller, query.formatted(there));
        var second = fleet.askAs(caller, query.formatted(absent));
        assertThat(first.toString().replace(there, "ID"))
                .isEqualTo(second.toString().replace(absent, "ID"))
                .containsAnyOf("errors", "=null");
    }

    @Test
    void theLastKeyOfTheInstallationCannotBeRevoked() {
        String first = fleet.keyOfInstallation("first").apiKeyId();
        fleet.key(customer, "ours");
        String revoking = "mutation { Authz_revoke_api_key(api_key_id: \"" + first + "\") }";
        assertThat(code(fleet.ask(revoking))).isEqualTo("api-key.last");
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isEmpty();

        fleet.keyOfInstallation("second");
        data(fleet.ask(revoking));
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isPresent();
        assertThat(data(fleet.ask(revoking))).as("a revoked one stays so").isNotEmpty();
    }

    @Test
    void onlyTheInstallationsKeysMakeCustomersAndSuchKeys() {
        assertThat(code(fleet.askAs(customer, "mutation { Authz_create_customer(name: \"x\") }")))
                .isEqualTo("authorization.installation");
        assertThat(code(fleet.askAs(customer, "mutation { Authz_create_api_key(name: \"x\") }")))
                .isEqualTo("authorization.installation");
        String secret = (String) value(
                fleet.askAs(
                        customer, "mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"ci\") }"),
                "Authz_create_api_key");
        assertThat(fleet.keys.authenticate("apikey " + secret).orElseThrow().sees(customer))
                .isTrue();
        var listed = fleet.ask("{ Authz_get_api_keys(customer_id: \"" + customer
                + "\") { api_keys { api_key_id name revoked_at } } }");
        assertThat(listed.toString()).contains("ci").doesNotContain(secret);
    }

    @Test
    void anArchitectureThatTheDeviceHasNotIsRefusedAtAdd() {
        String service = imported("web");
        String arm = fleet.node(customer, "arm", Architecture.ARM64);
        var answer = fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"%s\") }"
                .formatted(service, arm));
        assertThat(code(answer)).isEqualTo("instance.architecture-missing");
        assertThat(message(answer)).contains("arm64").contains("amd64");
        assertThat(fleet.instances.ofService(service)).isEmpty();
    }

    @Test
    void aDeviceMayHaveTwoInstancesOfOneService() {
        String service = imported("web");
        assertThat(added(service)).isNotEqualTo(added(service));
        Map<?, ?> rollout = object(
                fleet.ask("{ DM_get_node_service_rollout(node_service_id: \"" + service
                        + "\") { total waiting_offline container_version } }"),
                "DM_get_node_service_rollout");
        assertThat(rollout).isEqualTo(Map.of("total", 2L, "waiting_offline", 2L, "container_version", 1L));
        Map<?, ?> nodes = object(
                fleet.ask("{ DM_get_nodes(customer_id: \"" + customer
                        + "\") { nodes { name arch phase desired_position instances { service_name state } } } }"),
                "DM_get_nodes");
        assertThat(nodes.toString()).contains("service_name=web", "state=pending", "desired_position=1.3");
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

    private Map<?, ?> rolloutPage(String service, String fields, String arguments) {
        return object(
                fleet.ask("{ DM_get_node_service_rollout(node_service_id: \"" + service + "\") { " + fields
                        + "instances(" + arguments + ") { instances { node_service_instance_id } next_cursor } } }"),
                "DM_get_node_service_rollout");
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

    @Test
    void unknownFieldsAndArgumentsAreNamed() {
        assertThat(message(fleet.ask("{ DM_get_node_services(customer_id: \"x\") { services { colour } } }")))
                .contains("colour");
        assertThat(message(fleet.ask("{ DM_get_node_services(customer_id: \"x\", skip: 3) { next_cursor } }")))
                .contains("skip");
        var answer =
                fleet.ask("mutation { DM_import_node_service(input: {customer_id: \"x\", metadata: {memory: 3}}) }");
        assertThat(message(answer)).contains("memory");
        assertThat(code(answer)).isEqualTo("graphql.invalid");
        assertThat(code(fleet.ask("{ DM_get_"))).isEqualTo("graphql.syntax");
    }

    @Test
    void aWrongArgumentIsNamedButNotRepeatedBecauseItMayHoldAPassword() {
        for (String rest : List.of("customer_id: \"x\", bogus: 1", "metadata: {}")) {
            var answer = fleet.ask("mutation { DM_import_node_service(input: {image_sources: [{arch: amd64, "
                    + "authn: {registry_pw: \"hush' is not a valid 'x'\"}, image_reference: \"a/b:c\"}], " + rest
                    + "}) }");
            assertThat(message(answer)).startsWith("Argument 'input").doesNotContain("hush");
        }
        var wrongArchitecture = fleet.ask("mutation { DM_import_node_service(input: {customer_id: \"x\", "
                + "image_sources: [{arch: mips, image_reference: \"a/b:c\"}]}) }");
        assertThat(message(wrongArchitecture))
                .isEqualTo("Argument 'input.image_sources[0].arch' is not a valid 'DM_arch'.");
    }

    @Test
    void queriesThatAreTooDeepOrTooLargeAreRefused() {
        assertThat(code(fleet.ask("{ __schema { types { " + "ofType { ".repeat(20) + "name" + " }".repeat(23))))
                .isIn("graphql.too-large", "graphql.invalid");
        String fields = "a%d: DM_get_nodes(customer_id: \"" + customer
                + "\", take: 200) { nodes { instances { state reason { log_tail } } } } ";
        StringBuilder many = new StringBuilder("{ ");
        for (int i = 0; i < 60; i++) {
            many.append(fields.formatted(i));
        }
        assertThat(code(fleet.ask(many + "}"))).isEqualTo("graphql.too-large");
    }

    @Test
    void anIntrospectionAsToolsMakeItIsAnswered() {
        var answer = fleet.ask(graphql.introspection.IntrospectionQuery.INTROSPECTION_QUERY);
        assertThat(data(answer)).containsKey("__schema");
    }
}
