package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.data;

import graphql.language.FieldDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.idl.SchemaParser;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A customer with a device, and what is asked for of him, his groups, keys and labels. */
abstract class TenancyScene {
    @TempDir
    Path folder;

    FleetFixture fleet;
    String customer;
    String node;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    Map<String, @Nullable Object> create(String arguments) {
        return fleet.ask("mutation { Authz_create_api_key(customer_id: \"" + customer + "\", " + arguments + ") }");
    }

    String secret(String arguments) {
        return String.valueOf(data(create(arguments)).get("Authz_create_api_key"));
    }

    Map<String, @Nullable Object> make(String name, String parent) {
        return fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"" + name + "\""
                + (parent.isEmpty() ? "" : ", parent_group_id: \"" + parent + "\"") + ") }");
    }

    String group(String name, String parent) {
        return data(make(name, parent)).get("Authz_create_group") + "";
    }

    Map<String, @Nullable Object> move(String group, String parent) {
        return fleet.ask(
                "mutation { Authz_move_group(group_id: \"" + group + "\", parent_group_id: \"" + parent + "\") }");
    }

    Map<String, @Nullable Object> remove(String group) {
        return fleet.ask("mutation { Authz_remove_group(group_id: \"" + group + "\") }");
    }

    void put(String nodeId, String group) {
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + nodeId + "\", group_id: \"" + group + "\") }"));
    }

    List<String> nodes(String arguments) {
        Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(data(fleet.ask(
                        "{ DM_get_nodes(customer_id: \"" + customer + "\", " + arguments + ") { nodes { name } } }"))
                .get("DM_get_nodes"));
        return list(page, "nodes").stream()
                .map(n -> ((Map<?, ?>) n).get("name") + "")
                .sorted()
                .toList();
    }

    Map<String, @Nullable Object> label(String name, String value) {
        return fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", labels: [{name: \"" + name
                + "\", value: \"" + value + "\"}]) }");
    }

    static List<?> list(Map<?, ?> page, String field) {
        return (List<?>) Objects.requireNonNull(page.get(field));
    }

    static Map<String, FieldDefinition> fields(String... types) {
        Map<String, FieldDefinition> fields = new TreeMap<>();
        var schema = new SchemaParser().parse(FleetApi.text());
        for (String type : types) {
            ((ObjectTypeDefinition) Objects.requireNonNull(schema.getTypeOrNull(type)))
                    .getFieldDefinitions()
                    .forEach(f -> fields.put(f.getName(), f));
        }
        return fields;
    }
}
