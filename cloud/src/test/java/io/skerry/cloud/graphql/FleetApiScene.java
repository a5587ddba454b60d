package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A customer with a device, and an image that can be imported for him. */
abstract class FleetApiScene {
    final MemoryRegistry registry = new MemoryRegistry();

    final FleetFixture fleet;

    final String customer;

    final String node;

    FleetApiScene(@TempDir Path root) {
        fleet = new FleetFixture(root, registry, Set.of());
        customer = fleet.customer("acme");
        node = fleet.node(customer, "gate-1", Architecture.AMD64);
        registry.push("your-image", "latest", TestImage.of(Architecture.AMD64, "one"));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    String imported(String name) {
        return (String) value(fleet.ask("""
                        mutation { DM_import_node_service(input: { customer_id: "%s"
                            node_service_input: { container_image: "your-image" name: "%s" }
                            image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}] }) }
                        """.formatted(customer, name)), "DM_import_node_service");
    }

    String added(String service) {
        return (String) value(
                fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"%s\") }"
                        .formatted(service, node)),
                "DM_add_node_service_instance");
    }

    static Object value(Map<String, @Nullable Object> answer, String field) {
        Object value = data(answer).get(field);
        if (value == null) {
            throw new AssertionError(field + " is null: " + answer);
        }
        return value;
    }

    static Map<?, ?> object(Map<String, @Nullable Object> answer, String field) {
        return (Map<?, ?>) value(answer, field);
    }

    Map<String, Object> standing(String instance) {
        @SuppressWarnings("unchecked")
        var found = (Map<String, Object>) value(fleet.ask("""
                        { DM_get_node_service_instance(node_service_instance_id: "%s") {
                            target_version state version_target_selector } }
                        """.formatted(instance)), "DM_get_node_service_instance");
        return found;
    }

    Map<?, ?> services(String arguments) {
        return object(
                fleet.ask("{ DM_get_node_services(customer_id: \"" + customer + "\", " + arguments
                        + ") { services { name } next_cursor } }"),
                "DM_get_node_services");
    }

    /** Asks for what is there but another customer's, and for what isn't there: no difference but the id. */
    void same(String caller, String query, String there, String absent) {
        var first = fleet.askAs(caller, query.formatted(there));
        var second = fleet.askAs(caller, query.formatted(absent));
        assertThat(first.toString().replace(there, "ID"))
                .isEqualTo(second.toString().replace(absent, "ID"))
                .containsAnyOf("errors", "=null");
    }
}
