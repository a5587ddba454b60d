package io.skerry.cloud.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import graphql.schema.GraphQLScalarType;
import java.util.Locale;

/** The scalar {@code Long}. */
final class LongScalar implements Coercing<Long, Long> {
    private LongScalar() {}

    static GraphQLScalarType type() {
        return GraphQLScalarType.newScalar()
                .name("Long")
                .description("A whole number that may be larger than 32 bits.")
                .coercing(new LongScalar())
                .build();
    }

    @Override
    public Long serialize(Object result, GraphQLContext context, Locale locale) {
        if (result instanceof Number number) {
            return number.longValue();
        }
        throw new CoercingSerializeException("not a whole number");
    }

    @Override
    public Long parseValue(Object input, GraphQLContext context, Locale locale) {
        if (input instanceof Long || input instanceof Integer) {
            return ((Number) input).longValue();
        }
        throw new CoercingParseValueException("not a whole number");
    }

    @Override
    public Long parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
        if (input instanceof IntValue whole && whole.getValue().bitLength() < Long.SIZE) {
            return whole.getValue().longValue();
        }
        throw new CoercingParseLiteralException("not a whole number");
    }
}
