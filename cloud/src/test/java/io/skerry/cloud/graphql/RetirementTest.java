package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.service.Leftovers;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that are taken out of use, compared and removed, and services that are removed. */
@Tag(TestDatabase.TAG)
class RetirementTest {
    @TempDir
    Path folder;

    private final MemoryRegistry registry = new MemoryRegistry();
    private FleetFixture fleet;
    private String customer;
    private String node;
    private String service;
    private String newest = "";

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, registry, Set.of());
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
        service = imported(1, "");
        imported(2, "environment: [{name: \"GREETING\", value: \"hello\"}]");
        imported(3, "memory_limit_mb: 64");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private String imported(int content, String metadata) {
        registry.push("web", content + "", TestImage.of(Architecture.AMD64, "content-" + content));
        return text(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "web" } metadata: { %s }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web:%d" }] }) }
                """.formatted(customer, metadata, content)), "DM_import_node_service");
    }

    private static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    private Map<String, @Nullable Object> retire(int version, boolean retired) {
        return fleet.ask("mutation { DM_retire_node_service_version(node_service_id: \"" + service
                + "\", container_version: " + version + ", retired: " + retired + ") }");
    }

    private Map<String, @Nullable Object> remove(int version) {
        return fleet.ask("mutation { DM_remove_node_service_version(node_service_id: \"" + service
                + "\", container_version: " + version + ") }");
    }

    private Map<String, @Nullable Object> removeService() {
        return fleet.ask("mutation { DM_remove_node_service(node_service_id: \"" + service + "\") }");
    }

    private String added(String selector) {
        return text(
                fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                        + node + "\", version_target_selector: {value: " + selector + "}) }"),
                "DM_add_node_service_instance");
    }

    private void pinned(String instance, String selector) {
        data(pin(instance, selector));
    }

    private Map<String, @Nullable Object> pin(String instance, String selector) {
        return fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + instance + "\"], version_target_selector: {value: " + selector + "}) }");
    }

    private String target(String instance) {
        return data(fleet.ask("{ DM_get_node_service_instance(node_service_instance_id: \"" + instance
                        + "\") { target_version } }"))
                + "";
    }

    private String versions() {
        return data(fleet.ask("{ DM_get_node_service(node_service_id: \"" + service
                        + "\") { container_version versions { versions { container_version retired_at } } } }"))
                + "";
    }

    @Test
    void whoeverFollowsTheNewestGoesBackWhenItIsRetiredAndForwardWhenItIsBack() {
        String instance = added("null");
        assertThat(target(instance)).contains("target_version=3");

        data(retire(3, true));
        assertThat(target(instance)).contains("target_version=2");

        data(retire(3, false));
        assertThat(target(instance)).contains("target_version=3");
    }

    @Test
    void whoeverIsPinnedKeepsARetiredVersionAndNobodyElseIsPinnedToIt() {
        String pinned = added("\"version:1\"");
        String other = added("null");

        data(retire(1, true));

        assertThat(target(pinned)).contains("target_version=1");
        assertThat(code(pin(other, "\"version:1\""))).isEqualTo("service.version-retired");
        assertThat(target(other)).contains("target_version=3");
    }

    @Test
    void theOnlyVersionThatIsntRetiredCantBe() {
        data(retire(3, true));
        data(retire(1, true));

        assertThat(code(retire(2, true))).isEqualTo("service.version-needed");
        assertThat(versions()).contains("container_version=2");
    }

    @Test
    void aVersionIsRemovedOnceItIsRetiredAndNobodyHasIt() {
        String instance = added("\"version:1\"");
        assertThat(code(remove(1))).isEqualTo("service.version-not-retired");
        data(retire(1, true));
        assertThat(code(remove(1))).isEqualTo("service.version-used");
        pinned(instance, "\"version:2\"");
        // Its device may have to go back to what it had before.
        assertThat(code(remove(1))).isEqualTo("service.version-used");
        pinned(instance, "\"version:3\"");

        data(remove(1));

        assertThat(versions()).doesNotContain("container_version=1,").doesNotContain("container_version=1}");
        assertThat(code(remove(1))).isEqualTo("service.version-unknown");
    }

    @Test
    void theNumberOfARemovedVersionIsntGivenAgain() {
        data(retire(3, true));
        data(remove(3));

        imported(4, "");

        assertThat(versions()).contains("container_version=4").doesNotContain("container_version=3,");
    }

    @Test
    void aServiceIsRemovedWhenItIsOnNoDeviceAndNoOtherNeedsIt() {
        String instance = added("null");
        assertThat(code(removeService())).isEqualTo("service.used");
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        data(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "app" }
                    metadata: { after: ["web"] }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web:1" }] }) }
                """.formatted(customer)));
        Map<String, @Nullable Object> needed = removeService();
        assertThat(code(needed)).isEqualTo("service.needed");
        assertThat(message(needed)).contains("app");
        data(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "app" }
                    metadata: { after: [] } }) }
                """.formatted(customer)));

        data(removeService());

        assertThat(data(fleet.ask("{ DM_get_node_service(node_service_id: \"" + service + "\") { name } }")) + "")
                .contains("DM_get_node_service=null");
        // Its name is free again, for another service.
        assertThat(imported(1, "")).isNotEqualTo(service);
    }

    @Test
    void aVersionWhoseOrderDoesntFitDoesntBecomeTheNewest() {
        app("after: [\"web\"]");
        app("after: []");
        data(removeService());

        Map<String, @Nullable Object> answer = fleet.ask("mutation { DM_retire_node_service_version(node_service_id: \""
                + appId() + "\", container_version: 2) }");

        assertThat(code(answer)).isEqualTo("service.after-unknown");
        assertThat(data(fleet.ask(
                                "{ DM_get_node_service(node_service_id: \"" + appId() + "\") { container_version } }"))
                        + "")
                .contains("container_version=2");
    }

    private void app(String metadata) {
        data(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "app" } metadata: { %s }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web:1" }] }) }
                """.formatted(customer, metadata)));
    }

    private String appId() {
        return fleet.services.named(customer, "app").orElseThrow().serviceId();
    }

    @Test
    void anImageOfARemovedVersionStaysAsLongAsADeviceMayGoBackToIt() {
        String instance = added("\"version:1\"");
        pinned(instance, "\"version:2\"");
        pinned(instance, "\"version:3\"");
        String kept = manifest(2);
        String gone = manifest(1);
        data(retire(1, true));
        data(remove(1));
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        data(removeService());

        leftovers();

        // The device was told version 3 before it was told to have none.
        assertThat(manifests()).doesNotContain(gone).doesNotContain(kept).contains(newest);
    }

    private String manifest(int version) {
        newest = fleet.storage
                .read(h -> Services.images(h, service, 3))
                .getFirst()
                .manifest()
                .value();
        return fleet.storage
                .read(h -> Services.images(h, service, version))
                .getFirst()
                .manifest()
                .value();
    }

    private void leftovers() {
        new Leftovers(fleet.storage, fleet.blobs, "fleet", InstantSource.system(), Leases.alone()).remove();
    }

    private Set<String> manifests() {
        return fleet.storage.read(h -> h.createQuery("SELECT DISTINCT manifest_digest FROM manifest_blobs")
                .mapTo(String.class)
                .set());
    }

    @Test
    void whatTwoVersionsDifferInIsToldByField() {
        Map<String, @Nullable Object> answer = fleet.ask("{ DM_get_node_service_difference(node_service_id: \""
                + service + "\", from_version: 1, to_version: 3) { field before after } }");

        List<?> all = (List<?>) Objects.requireNonNull(data(answer).get("DM_get_node_service_difference"));
        assertThat(all.stream().map(d -> ((Map<?, ?>) d).get("field") + ""))
                .containsExactly("container_image", "environment.GREETING", "images.amd64", "memory_limit_mb");
        assertThat(all + "").contains("after=hello").contains("before=128, after=64");
    }

    @Test
    void versionsThatThereArentAreRefused() {
        assertThat(code(retire(7, true))).isEqualTo("service.version-unknown");
        assertThat(code(fleet.ask("{ DM_get_node_service_difference(node_service_id: \"" + service
                        + "\", from_version: 1, to_version: 0) { field } }")))
                .isEqualTo("service.version-unknown");
    }

    @Test
    void anotherCustomersServiceAnswersAsIfItWerentThere() {
        String other = fleet.customer("south");
        for (String call : List.of(
                "mutation { DM_remove_node_service(node_service_id: \"%s\") }",
                "mutation { DM_retire_node_service_version(node_service_id: \"%s\", container_version: 1) }",
                "mutation { DM_remove_node_service_version(node_service_id: \"%s\", container_version: 1) }",
                "{ DM_get_node_service_difference(node_service_id: \"%s\", from_version: 1, to_version: 2) { field } }")) {
            assertThat(code(fleet.askAs(other, call.formatted(service)))).isEqualTo("service.unknown");
        }
        assertThat(versions()).contains("container_version=3");
    }

    @Test
    void eachChangeIsInTheAuditLog() {
        String instance = added("null");
        pinned(instance, "\"version:2\"");
        data(fleet.ask(
                "mutation { DM_retry_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        data(retire(1, true));
        data(remove(1));
        data(removeService());

        assertThat(data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                                + "\", take: 100) { entries { operation } } }"))
                        + "")
                .contains(
                        "DM_import_node_service",
                        "DM_add_node_service_instance",
                        "DM_update_node_service_instance_rollout_config",
                        "DM_retry_node_service_instances",
                        "DM_remove_node_service_instances",
                        "DM_retire_node_service_version",
                        "DM_remove_node_service_version",
                        "DM_remove_node_service}");
    }
}
