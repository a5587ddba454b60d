package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** That no answer has a list of any length. */
class BoundedListsTest {
    private static final String STATUS = "what a device reports of itself is at most 256 KiB";
    private static final String SETTINGS = "bounded where a version is imported";

    /** The lists of objects that are in no page, and why they are short all the same. */
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("Query.Authz_customers", "refused when there are more than 200"),
            Map.entry("Query.DM_get_event_types", "as many as this version knows"),
            Map.entry("Query.DM_get_node_service_difference", "as many as a version has settings, which are bounded"),
            Map.entry("Query.DM_get_node_service_instance_config", "an instance has at most 32 files"),
            Map.entry("Query.DM_get_injected_api_keys", "each is one of the instance's files, at most 32"),
            Map.entry("Query.DM_get_webhooks", "a customer has at most 20"),
            Map.entry("InjectedApiKey.earlier", "refused when ten would be good at once"),
            Map.entry("WebhookDelivery.attempts", "the last 64"),
            Map.entry("NetworkConfig.access_interfaces", "at most 16"),
            Map.entry("NodeServiceVersion.images", "one for each architecture"),
            Map.entry("NodeServiceVersion.volumes", SETTINGS),
            Map.entry("NodeServiceVersion.environment", SETTINGS),
            Map.entry("Node.labels", "at most 64"),
            Map.entry("Node.attributes", "at most 64"),
            Map.entry("Node.window_waits", STATUS),
            Map.entry("Node.given_up", STATUS),
            Map.entry("Node.traffic", STATUS),
            Map.entry("Node.problems", STATUS),
            Map.entry("Outcome.volumes", STATUS),
            Map.entry("Windows.daily", "at most 32"),
            Map.entry("Windows.scheduled", "at most 32"),
            Map.entry("PhasedRollout.phases", "at most 32"),
            Map.entry("RolloutPhase.labels", "at most 64"),
            Map.entry("Node.instances", "not bounded yet: as many as were put on one device"),
            Map.entry("Node.absent_instances", "not bounded yet: as many services as the device's groups have"));

    private final GraphQLSchema schema = new SchemaGenerator()
            .makeExecutableSchema(
                    new SchemaParser().parse(FleetApi.text()),
                    RuntimeWiring.newRuntimeWiring().scalar(LongScalar.type()).build());

    @Test
    void eachListOfObjectsIsInAPageOrKnownToBeShort() {
        Set<String> unpaged = new TreeSet<>();
        fields((type, field) -> {
            if (isListOfObjects(field) && !isPage(type)) {
                unpaged.add(type.getName() + "." + field.getName());
            }
        });

        assertThat(unpaged).isEqualTo(new TreeSet<>(SHORT.keySet()));
    }

    @Test
    void eachPageIsTakenInPiecesThatACursorGoesThrough() {
        Map<String, String> arguments = new TreeMap<>();
        fields((type, field) -> {
            if (GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLObjectType answer && isPage(answer)) {
                arguments.put(
                        type.getName() + "." + field.getName(), argument(field, "take") + argument(field, "cursor"));
            }
        });

        assertThat(arguments)
                .hasSizeGreaterThan(15)
                .allSatisfy(
                        (field, taken) -> assertThat(taken).as(field).isEqualTo("take: Int = 50, cursor: String, "));
    }

    private static String argument(GraphQLFieldDefinition field, String name) {
        GraphQLArgument argument = field.getArgument(name);
        return argument == null
                ? ""
                : name + ": " + GraphQLTypeUtil.simplePrint(argument.getType())
                        + (argument.hasSetDefaultValue()
                                ? " = " + GraphQLArgument.<Integer>getArgumentDefaultValue(argument)
                                : "")
                        + ", ";
    }

    private static boolean isListOfObjects(GraphQLFieldDefinition field) {
        return GraphQLTypeUtil.isList(GraphQLTypeUtil.unwrapNonNull(field.getType()))
                && GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLObjectType;
    }

    private static boolean isPage(GraphQLObjectType type) {
        return type.getFieldDefinition("next_cursor") != null;
    }

    private void fields(BiConsumer<GraphQLObjectType, GraphQLFieldDefinition> each) {
        schema.getAllTypesAsList().stream()
                .filter(type -> !type.getName().startsWith("__"))
                .filter(GraphQLObjectType.class::isInstance)
                .map(GraphQLObjectType.class::cast)
                .forEach(type -> type.getFieldDefinitions().forEach(field -> each.accept(type, field)));
    }
}
