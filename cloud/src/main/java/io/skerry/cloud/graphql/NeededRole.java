package io.skerry.cloud.graphql;

import graphql.schema.DataFetcher;
import graphql.schema.GraphQLAppliedDirective;
import graphql.schema.GraphQLAppliedDirectiveArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.SchemaDirectiveWiring;
import graphql.schema.idl.SchemaDirectiveWiringEnvironment;
import io.skerry.cloud.tenancy.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Lets no field of the schema's {@code @needs} be fetched by whoever hasn't its role. */
final class NeededRole implements SchemaDirectiveWiring {
    static final String DIRECTIVE = "needs";

    @Override
    public GraphQLFieldDefinition onField(SchemaDirectiveWiringEnvironment<GraphQLFieldDefinition> environment) {
        GraphQLFieldDefinition field = environment.getElement();
        Role role = role(field);
        DataFetcher<?> guarded = environment.getFieldDataFetcher();
        environment.setFieldDataFetcher(call -> {
            new Arguments(call).require(role, field.getName());
            return guarded.get(call);
        });
        return field;
    }

    private static Role role(GraphQLFieldDefinition field) {
        GraphQLAppliedDirective needs = Objects.requireNonNull(field.getAppliedDirective(DIRECTIVE));
        GraphQLAppliedDirectiveArgument role = Objects.requireNonNull(needs.getArgument("role"));
        return Role.of(String.valueOf(role.<Object>getValue()));
    }

    /** The schema, unless it has a query, mutation or subscription that anybody may ask for. */
    static GraphQLSchema checked(GraphQLSchema schema) {
        List<GraphQLFieldDefinition> fields =
                new ArrayList<>(schema.getQueryType().getFieldDefinitions());
        fields.addAll(Objects.requireNonNull(schema.getMutationType()).getFieldDefinitions());
        fields.addAll(Objects.requireNonNull(schema.getSubscriptionType()).getFieldDefinitions());
        fields.stream()
                .filter(f -> f.getAppliedDirective(DIRECTIVE) == null)
                .findFirst()
                .ifPresent(f -> {
                    throw new IllegalStateException(f.getName() + " doesn't say which role it needs");
                });
        return schema;
    }
}
