package io.skerry.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.Document;
import graphql.parser.Parser;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnmodifiedType;
import graphql.validation.Validator;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationTest {
    private final GraphQLSchema schema = CloudSchema.schema();

    @ParameterizedTest
    @EnumSource
    void eachOperationIsValidAgainstTheCloudsSchema(Operation operation) {
        Document document = Parser.parse(operation.document());
        assertThat(new Validator().validateDocument(schema, document, Locale.ROOT))
                .as(operation.document())
                .isEmpty();
    }

    @Test
    void aFieldThatMayBeNullIsOptionalInItsRecordAndNoOther() {
        Set<Class<?>> seen = new HashSet<>();
        compare(Customer.class, "Customer", seen);
        compare(ApiKey.class, "ApiKey", seen);
        compare(ServiceSummary.class, "NodeService", seen);
        compare(Service.class, "NodeService", seen);
        compare(ServiceImport.class, "NodeServiceImport", seen);
        compare(NodeSummary.class, "Node", seen);
        compare(Node.class, "Node", seen);
        compare(Rollout.class, "Rollout", seen);
        compare(Event.class, "Event", seen);
        compare(Webhook.class, "Webhook", seen);
        compare(WebhookDelivery.class, "WebhookDelivery", seen);
        assertThat(seen).contains(Instance.class, Reason.class, Outcome.class);
    }

    /** What a page's items are; the type itself when it is no page. */
    private static GraphQLUnmodifiedType inPages(GraphQLUnmodifiedType type, String list) {
        return type instanceof GraphQLObjectType page && page.getFieldDefinition("next_cursor") != null
                ? GraphQLTypeUtil.unwrapAll(page.getFieldDefinition(list).getType())
                : type;
    }

    private void compare(Class<?> type, String name, Set<Class<?>> seen) {
        if (!seen.add(type)) {
            return;
        }
        GraphQLObjectType object = Objects.requireNonNull(schema.getObjectType(name), name);
        for (RecordComponent component : type.getRecordComponents()) {
            GraphQLFieldDefinition field = object.getFieldDefinition(Selection.snakeCase(component.getName()));
            assertThat(field)
                    .as(type.getSimpleName() + "." + component.getName())
                    .isNotNull();
            assertThat(component.getType().equals(Optional.class))
                    .as(type.getSimpleName() + "." + component.getName() + " is optional")
                    .isEqualTo(!(field.getType() instanceof GraphQLNonNull));
            Class<?> element = Selection.element(component.getGenericType());
            GraphQLUnmodifiedType inner = inPages(GraphQLTypeUtil.unwrapAll(field.getType()), field.getName());
            if (element.isRecord()) {
                compare(element, inner.getName(), seen);
            }
        }
    }
}
