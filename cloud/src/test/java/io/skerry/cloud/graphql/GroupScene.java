package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.data;

import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.spec.Architecture;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A customer with groups within groups, a device and a service, for tests of what devices have by their groups. */
abstract class GroupScene {
    @TempDir
    Path folder;

    final MemoryRegistry registry = new MemoryRegistry();
    FleetFixture fleet;
    String customer;
    String trains;
    String line;
    String alpha;
    String web;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, registry, Set.of());
        for (Architecture arch : List.of(Architecture.AMD64, Architecture.ARM64)) {
            registry.push("web-" + arch.word(), "1", TestImage.of(arch, "content"));
        }
        customer = fleet.customer("north");
        trains = group("trains", "");
        line = group("line-1", trains);
        alpha = fleet.node(customer, "alpha", Architecture.AMD64);
        web = imported("web", "");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    String group(String name, String parent) {
        return text(
                fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"" + name + "\""
                        + (parent.isEmpty() ? "" : ", parent_group_id: \"" + parent + "\"") + ") }"),
                "Authz_create_group");
    }

    String imported(String name, String more) {
        return importing(name, "amd64", more);
    }

    String importing(String name, String arch, String more) {
        return text(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "%s" %s }
                    image_sources: [{ arch: %s, image_reference: "r.example/web-%s:1" }] }) }
                """.formatted(customer, name, more, arch, arch)), "DM_import_node_service");
    }

    Map<String, @Nullable Object> adding(String group, String service, String more) {
        return fleet.ask("mutation { DM_add_group_node_service(group_id: \"" + group + "\", node_service_id: \""
                + service + "\"" + more + ") }");
    }

    String added(String group, String service) {
        return text(adding(group, service, ""), "DM_add_group_node_service");
    }

    static String pinned(String selector) {
        return ", version_target_selector: {value: \"" + selector + "\"}";
    }

    Map<String, @Nullable Object> placing(String node, String group) {
        return fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: "
                + (group.isEmpty() ? "null" : "\"" + group + "\"") + ") }");
    }

    void place(String node, String group) {
        data(placing(node, group));
    }

    Map<String, @Nullable Object> byHand(String service, String node) {
        return fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                + node + "\") }");
    }

    Map<String, @Nullable Object> removing(String instance) {
        return fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }");
    }

    /** The instances on a device, as {@code service group selector}. */
    List<String> on(String node) {
        return instances(node).stream()
                .map(i -> i.get("service_name") + " "
                        + (i.get("by_group") instanceof Map<?, ?> g ? g.get("group_name") : "by hand") + " "
                        + i.get("version_target_selector"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    List<Map<String, @Nullable Object>> instances(String node) {
        Map<String, @Nullable Object> page = (Map<String, @Nullable Object>) Objects.requireNonNull(
                data(fleet.ask("{ DM_get_node_service_instances(customer_id: \"" + customer + "\", node_id: \"" + node
                                + "\") { instances { node_service_instance_id service_name version_target_selector"
                                + " lan { range } by_group { group_node_service_id group_name } } } }"))
                        .get("DM_get_node_service_instances"));
        return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(page.get("instances"));
    }

    String id(String node) {
        return String.valueOf(instances(node).getFirst().get("node_service_instance_id"));
    }

    String absent() {
        return text(
                fleet.ask("{ DM_get_absent_instances(customer_id: \"" + customer
                        + "\") { absent_instances { service_name group_name node_name reason { code } } } }"),
                "DM_get_absent_instances");
    }

    List<String> told(String node) {
        return Documents.DESIRED_STATE
                .fromJson(fleet.desired.document(node).orElseThrow().body())
                .workload()
                .containers()
                .values()
                .stream()
                .map(Container::service)
                .map(s -> s.name() + " " + s.version())
                .toList();
    }

    String audited() {
        return data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                        + "\") { entries { operation actor_name subject_name before after } } }"))
                + "";
    }

    String after(String name, String needed) {
        return text(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "%s" }
                    metadata: { after: ["%s"] }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web-amd64:1" }] }) }
                """.formatted(customer, name, needed)), "DM_import_node_service");
    }
}
