package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.ParseAndValidate;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import graphql.language.SourceLocation;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLNamedSchemaElement;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the documents for people show what can be asked, and that the schema says what it is. */
class DocumentationTest {
    private static final Path README = Path.of("../README.md");
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern EXAMPLE =
            Pattern.compile("^```graphql\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern OPERATION = Pattern.compile("\\b(?:DM|Authz)_[a-z_]+\\b");

    private final GraphQLSchema schema = new SchemaGenerator()
            .makeExecutableSchema(
                    new SchemaParser().parse(FleetApi.text()),
                    RuntimeWiring.newRuntimeWiring().scalar(LongScalar.type()).build());

    @Test
    void eachExampleCanBeAsked() throws IOException {
        // given
        Map<String, String> examples = new TreeMap<>();
        documents()
                .forEach((path, text) -> EXAMPLE.matcher(text)
                        .results()
                        .forEach(found -> examples.put(path + " at " + found.start(), found.group(1))));

        // when
        Map<String, List<String>> wrong = new TreeMap<>();
        examples.forEach((place, text) -> {
            List<String> problems = problems(text);
            if (!problems.isEmpty()) {
                wrong.put(place, problems);
            }
        });

        // then
        assertThat(examples).hasSizeGreaterThan(10);
        assertThat(wrong).isEmpty();
    }

    @Test
    void anExampleThatCannotBeAskedIsNoticed() {
        assertThat(problems("{ DM_get_node(node_id: \"…\") { nobody } }"))
                .singleElement()
                .asString()
                .contains("nobody");
        assertThat(problems("{ DM_get_node(node_id: \"…\") { name } } { DM_get_node { name } }"))
                .singleElement()
                .asString()
                .contains("node_id");
        assertThat(problems("node_id: 1")).hasSize(1);
    }

    @Test
    void whatTheDocumentsNameIsInTheSchema() throws IOException {
        Map<String, String> unknown = new TreeMap<>();
        documents()
                .forEach((path, text) -> OPERATION
                        .matcher(text)
                        .results()
                        .map(found -> found.group())
                        .filter(name -> schema.getType(name) == null
                                && operations().noneMatch(o -> o.getName().equals(name)))
                        .forEach(name -> unknown.put(name, path)));

        assertThat(unknown).isEmpty();
    }

    @Test
    void eachOperationAndWhateverItTakesIsDescribed() {
        List<String> undescribed = new ArrayList<>();
        operations().filter(DocumentationTest::isUndescribed).forEach(o -> undescribed.add(o.getName()));
        var taken = new TreeSet<String>();
        operations()
                .flatMap(o -> o.getArguments().stream())
                .map(GraphQLArgument::getType)
                .forEach(type -> take(type, taken));

        taken.stream()
                .filter(name -> isUndescribed((GraphQLNamedSchemaElement) Objects.requireNonNull(schema.getType(name))))
                .forEach(undescribed::add);

        assertThat(undescribed).isEmpty();
    }

    /** The documents' text by their names. */
    private static Map<String, String> documents() throws IOException {
        Map<String, String> documents = new TreeMap<>();
        try (Stream<Path> found = Files.walk(DOCS)) {
            for (Path path : Stream.concat(
                            Stream.of(README), found.filter(p -> p.toString().endsWith(".md")))
                    .toList()) {
                documents.put(path.toString(), Files.readString(path));
            }
        }
        return documents;
    }

    private Stream<GraphQLFieldDefinition> operations() {
        return Stream.of(schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType())
                .map(Objects::requireNonNull)
                .map(GraphQLObjectType.class::cast)
                .flatMap(type -> type.getFieldDefinitions().stream());
    }

    /** What is wrong with an example, whose operations are each sent by itself. */
    private List<String> problems(String example) {
        try {
            return new Parser()
                    .parseDocument(example).getDefinitionsOfType(OperationDefinition.class).stream()
                            .flatMap(operation ->
                                    ParseAndValidate.validate(
                                            schema,
                                            Document.newDocument()
                                                    .definition(operation)
                                                    .build())
                                            .stream())
                            .map(error -> error.getMessage() + " " + lines(error.getLocations()))
                            .toList();
        } catch (InvalidSyntaxException e) {
            return List.of(e.getMessage());
        }
    }

    private static List<Integer> lines(List<SourceLocation> locations) {
        return locations.stream().map(SourceLocation::getLine).toList();
    }

    /** The input types and enums of an argument, and what is within them. */
    private static void take(GraphQLType type, Set<String> taken) {
        GraphQLType inner = GraphQLTypeUtil.unwrapAll(type);
        boolean isNew = (inner instanceof GraphQLEnumType || inner instanceof GraphQLInputObjectType)
                && taken.add(((GraphQLNamedType) inner).getName());
        if (isNew && inner instanceof GraphQLInputObjectType object) {
            object.getFields().forEach(field -> take(field.getType(), taken));
        }
    }

    private static boolean isUndescribed(GraphQLNamedSchemaElement element) {
        return element.getDescription() == null || element.getDescription().isBlank();
    }
}
