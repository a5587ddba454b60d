package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that are no good, and what tools ask. */
@Tag(TestDatabase.TAG)
class QueryFormTest extends FleetApiScene {
    QueryFormTest(@TempDir Path root) {
        super(root);
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
