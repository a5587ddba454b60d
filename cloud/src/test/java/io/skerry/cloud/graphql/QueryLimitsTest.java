package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.FieldDefinition;
import graphql.language.NonNullType;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.idl.SchemaParser;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody may ask for, whoever it is. */
@Tag(TestDatabase.TAG)
class QueryLimitsTest {
    private final FleetFixture fleet;
    private final String customer;
    private final String webhook;

    QueryLimitsTest(@TempDir Path root) {
        fleet = new FleetFixture(root, new MemoryRegistry(), Set.of());
        customer = fleet.customer("acme");
        FleetFixture.data(fleet.ask("mutation { DM_create_webhook(customer_id: \"" + customer
                + "\", name: \"pager\", url: \"https://receiver.example/\") }"));
        webhook = fleet.webhooks.list(customer).getFirst().webhookId();
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static List<FieldDefinition> pages() {
        return new SchemaParser()
                .parse(FleetApi.text()).getTypes(ObjectTypeDefinition.class).stream()
                        .filter(type -> type.getName().equals("Query"))
                        .flatMap(type -> type.getFieldDefinitions().stream())
                        .filter(field -> field.getInputValueDefinitions().stream()
                                .anyMatch(a -> a.getName().equals("take")))
                        .toList();
    }

    private String asking(FieldDefinition field, String take) {
        String others = field.getInputValueDefinitions().stream()
                .filter(a -> a.getType() instanceof NonNullType && a.getDefaultValue() == null)
                .map(a -> a.getName() + ": \"" + (a.getName().equals("webhook_id") ? webhook : customer) + "\"")
                .collect(Collectors.joining(", "));
        return "{ " + field.getName() + "(" + others + " take: " + take + ") { __typename } }";
    }

    @Test
    void noPageIsOfAMillionNorOfNothing() {
        assertThat(pages()).hasSizeGreaterThan(4);
        for (FieldDefinition page : pages()) {
            for (String take : List.of("1000000", "201", "0", "-1", "2147483647")) {
                assertThat(code(fleet.ask(asking(page, take))))
                        .as(page.getName() + " of " + take)
                        .isEqualTo("input.out-of-range");
            }
            assertThat(fleet.ask(asking(page, "200"))).as(page.getName()).doesNotContainKey("errors");
        }
    }

    @Test
    void aQueryAHundredLevelsDeepIsRefused() {
        String deep = "{ __schema { types { fields { type { " + "ofType { ".repeat(96) + "name" + " }".repeat(101);
        // The parser itself gives up.
        assertThat(code(fleet.ask(deep))).isEqualTo("graphql.syntax");
        String list = "{ DM_get_nodes(customer_id: " + "[".repeat(1000) + "]".repeat(1000) + ") { next_cursor } }";
        assertThat(code(fleet.ask(list))).isEqualTo("graphql.syntax");
    }

    @Test
    void fragmentsThatGoRoundOrMultiplyAreRefused() {
        assertThat(code(fleet.ask("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")))
                .isEqualTo("graphql.invalid");
        // Ten times as many at each step.
        StringBuilder bomb = new StringBuilder("{ ...f0 }");
        for (int i = 0; i < 6; i++) {
            bomb.append(" fragment f").append(i).append(" on Query {");
            for (int n = 0; n < 10; n++) {
                bomb.append(" ...f").append(i + 1);
            }
            bomb.append(" }");
        }
        bomb.append(" fragment f6 on Query { Authz_customers { name } }");
        assertThat(fleet.ask(bomb.toString()))
                .satisfies(answer -> assertThat(String.valueOf(answer).length()).isLessThan(10_000));
    }

    @Test
    void aRolloutsInstancesCountByThePage() {
        String rollout =
                "DM_get_node_service_rollout(node_service_id: \"none\") { total instances(take: %d) { instances {"
                        + " node_service_instance_id node_id node_online service_name state reason { code message } } } }";
        assertThat(code(fleet.ask("{ " + rollout.formatted(200) + " }"))).isEqualTo("service.unknown");
        assertThat(code(fleet.ask(times(60, rollout.formatted(10))))).isEqualTo("service.unknown");
        assertThat(code(fleet.ask(times(60, rollout.formatted(200))))).isEqualTo("graphql.too-large");
    }

    @Test
    void whatHasNoPagesCountsByTheMostThatItMayHave() {
        String groups = "Authz_group_ids_by_customer_ids(customer_ids: [\"" + customer + "\"])";
        assertThat(fleet.ask(times(15, groups))).doesNotContainKey("errors");
        assertThat(code(fleet.ask(times(25, groups)))).isEqualTo("graphql.too-large");
        assertThat(code(fleet.ask(times(200, "Authz_customers { name customer_id created_at }"))))
                .isEqualTo("graphql.too-large");
    }

    private static String times(int often, String field) {
        return IntStream.range(0, often)
                .mapToObj(i -> "a" + i + ": " + field)
                .collect(Collectors.joining(" ", "{ ", " }"));
    }

    @Test
    void fiveHundredPagesAtOnceAreRefused() {
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 500; i++) {
            many.append(" a").append(i).append(": DM_get_nodes(customer_id: \"").append(customer);
            many.append("\", take: 200) { nodes { name } }");
        }
        assertThat(code(fleet.ask(many + " }"))).isEqualTo("graphql.too-large");
    }
}
