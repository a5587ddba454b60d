package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.Argument;
import graphql.language.EnumValue;
import graphql.language.FieldDefinition;
import graphql.language.NonNullType;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may ask for which field. */
@Tag(TestDatabase.TAG)
class RolesTest extends TenancyScene {
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
            default ->
                argument.endsWith("_ids")
                        ? "[\"none\"]"
                        : argument.endsWith("_id") ? "\"none\"" : SampleArguments.of(argument);
        };
    }

    private static Role needed(String field) {
        FieldDefinition definition = Objects.requireNonNull(
                fields("Query", "Mutation", "Subscription").get(field));
        Argument role = Objects.requireNonNull(
                definition.getDirectives("needs").getFirst().getArgument("role"));
        return Role.of(((EnumValue) role.getValue()).getName());
    }
}
