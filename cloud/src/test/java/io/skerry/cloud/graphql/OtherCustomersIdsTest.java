package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.FieldDefinition;
import graphql.language.InputObjectTypeDefinition;
import graphql.language.InputValueDefinition;
import graphql.language.ListType;
import graphql.language.NonNullType;
import graphql.language.ObjectTypeDefinition;
import graphql.language.Type;
import graphql.language.TypeName;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever names what is another customer's is answered as if he had named what isn't there, and changes nothing: each argument of each
 * operation of the schema that takes an id or a cursor, by itself among what is the caller's own, and all of an operation together.
 */
@Tag(TestDatabase.TAG)
class OtherCustomersIdsTest {
    private static final Set<String> ROOTS = Set.of("Query", "Mutation", "Subscription");
    /** These take exactly one of their ids, so that a customer isn't named beside another one. */
    private static final Set<String> OF_ONE_ID =
            Set.of("DM_set_update_windows", "DM_remove_update_windows", "DM_set_time_zone", "DM_open_update_windows");
    /** Each customer chooses the ids of its imports, as ServiceImportsTest shows. */
    private static final String CHOSEN = "input.import_id";

    private static final String CURSOR = "cursor";
    private static final String THEIR_NAMES = "southern";

    private final TypeDefinitionRegistry schema = new SchemaParser().parse(FleetApi.text());

    @TempDir
    Path folder;

    private FleetFixture fleet;
    private Belongings own;
    private Belongings theirs;

    @BeforeEach
    void open() {
        var registry = new MemoryRegistry();
        Belongings.push(registry);
        fleet = new FleetFixture(folder, registry, Set.of());
        theirs = Belongings.of(fleet, THEIR_NAMES);
        own = Belongings.of(fleet, "northern");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void eachAnswersAsWhatIsNotThereAndNothingIsChanged() {
        // given
        List<String> before = rows();
        var softly = new SoftAssertions();

        operations()
                .forEach((name, operation) -> tries(operation).forEach(tried -> {
                    // when
                    String there = ask(operation, given(operation, tried, Optional.of(theirs)));
                    String absent = ask(operation, given(operation, tried, Optional.empty()));

                    // then
                    softly.assertThat(without(there, operation, tried, Optional.of(theirs)))
                            .as("%s %s", name, tried)
                            .isEqualTo(without(absent, operation, tried, Optional.empty()))
                            .doesNotContain(THEIR_NAMES);
                }));
        softly.assertThat(rows()).isEqualTo(before);
        softly.assertAll();
    }

    /** So that no argument is refused before anybody looks at whose the id is, unless no customer may ask for it at all. */
    @Test
    void eachIsRefusedBecauseItIsNotThere() {
        var softly = new SoftAssertions();
        operations()
                .forEach((name, operation) -> tries(operation).stream()
                        .filter(tried -> !tried.contains(CURSOR))
                        .forEach(tried -> {
                            // when
                            Map<String, @Nullable Object> answer =
                                    answer(operation, given(operation, tried, Optional.of(theirs)));

                            // then
                            if (answer.containsKey("errors")) {
                                softly.assertThat(code(answer))
                                        .as("%s %s", name, tried)
                                        .matches(".*[.-]unknown|authorization\\.installation");
                            } else if (fieldsOf("Mutation").containsKey(name)) {
                                softly.fail("%s %s is answered %s", name, tried, answer);
                            } else {
                                softly.assertThat(answer)
                                        .as("%s %s with what is the caller's own", name, tried)
                                        .isNotEqualTo(answer(operation, given(operation, tried, Optional.of(own))));
                            }
                        }));
        softly.assertAll();
    }

    @Test
    void noOtherTypesFieldsTakeIds() {
        List<String> taking = schema.getTypes(ObjectTypeDefinition.class).stream()
                .filter(type -> !ROOTS.contains(type.getName()))
                .flatMap(type -> type.getFieldDefinitions().stream())
                .filter(field -> field.getInputValueDefinitions().stream()
                        .anyMatch(a ->
                                !ids("", a).toList().isEmpty() && !a.getName().equals(CURSOR)))
                .map(FieldDefinition::getName)
                .toList();

        assertThat(taking).isEmpty();
    }

    private Map<String, FieldDefinition> operations() {
        Map<String, FieldDefinition> all = new TreeMap<>();
        ROOTS.forEach(root -> all.putAll(fieldsOf(root)));
        return all;
    }

    private Map<String, FieldDefinition> fieldsOf(String type) {
        return ((ObjectTypeDefinition) Objects.requireNonNull(schema.getTypeOrNull(type)))
                .getFieldDefinitions().stream().collect(Collectors.toMap(FieldDefinition::getName, f -> f));
    }

    /** Which arguments are the other customer's, one call after the other. */
    private List<Set<String>> tries(FieldDefinition operation) {
        Set<String> ids = ids(operation);
        List<Set<String>> tries = new ArrayList<>();
        ids.stream().filter(id -> !id.equals(CHOSEN)).map(Set::of).forEach(tries::add);
        if (ids.size() > 1 && !OF_ONE_ID.contains(operation.getName())) {
            tries.add(ids);
        }
        return tries;
    }

    private Set<String> ids(FieldDefinition operation) {
        return operation.getInputValueDefinitions().stream()
                .flatMap(argument -> ids("", argument))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The places within an argument where ids and cursors stand, as input.node_service_id. */
    private Stream<String> ids(String within, InputValueDefinition argument) {
        String path = within + argument.getName();
        String type = named(argument.getType());
        if (type.equals("ID") || path.equals(CURSOR)) {
            return Stream.of(path);
        }
        return input(type).stream()
                .flatMap(input -> input.getInputValueDefinitions().stream())
                .flatMap(field -> ids(path + ".", field));
    }

    private Optional<InputObjectTypeDefinition> input(String type) {
        return schema.getTypeOrNull(type) instanceof InputObjectTypeDefinition input
                ? Optional.of(input)
                : Optional.empty();
    }

    private static String named(Type<?> type) {
        return switch (type) {
            case NonNullType nonNull -> named(nonNull.getType());
            case ListType list -> named(list.getType());
            case TypeName name -> name.getName();
            default -> throw new AssertionError(type);
        };
    }

    /** The ids for these arguments; without a customer, of what isn't there but would stand beside what is the other's. */
    private Map<String, String> given(FieldDefinition operation, Set<String> tried, Optional<Belongings> whose) {
        Map<String, String> given = new LinkedHashMap<>();
        tried.forEach(path -> given.put(
                path, whose.map(w -> id(operation, path, w)).orElseGet(() -> beside(id(operation, path, theirs)))));
        return given;
    }

    private String id(FieldDefinition operation, String path, Belongings whose) {
        String argument = path.substring(path.lastIndexOf('.') + 1);
        return argument.equals(CURSOR)
                ? cursor(operation, whose)
                : Objects.requireNonNull(whose.ids().get(argument), "nobody has said what " + argument + " may be");
    }

    private static String beside(String id) {
        return id.substring(0, id.length() - 1) + (id.endsWith("0") ? "1" : "0");
    }

    /** Where a page ends that the other customer was told. */
    private String cursor(FieldDefinition operation, Belongings whose) {
        Set<String> needed = ids(operation);
        needed.removeIf(path -> !path.equals("customer_id") && !required(operation, path));
        Map<String, String> given = given(operation, needed, Optional.of(whose));
        String call = "{ " + operation.getName() + arguments(operation, given, "take: 1") + " { next_cursor } }";
        Map<?, ?> page =
                (Map<?, ?>) Objects.requireNonNull(data(fleet.ask(call)).get(operation.getName()));
        return Objects.requireNonNull(page.get("next_cursor"), "one page of " + call)
                .toString();
    }

    private static boolean required(FieldDefinition operation, String argument) {
        return operation.getInputValueDefinitions().stream()
                .anyMatch(a -> a.getName().equals(argument) && isRequired(a));
    }

    private static boolean isRequired(InputValueDefinition argument) {
        return argument.getType() instanceof NonNullType && argument.getDefaultValue() == null;
    }

    private String ask(FieldDefinition operation, Map<String, String> given) {
        return answer(operation, given).toString();
    }

    private Map<String, @Nullable Object> answer(FieldDefinition operation, Map<String, String> given) {
        String kind = ROOTS.stream()
                .filter(root -> fieldsOf(root).containsKey(operation.getName()))
                .findFirst()
                .orElseThrow()
                .toLowerCase(Locale.ROOT);
        return fleet.askAs(
                own.customer(),
                kind + " { " + operation.getName() + arguments(operation, given, "") + selection(operation.getType(), 3)
                        + " }");
    }

    private String arguments(FieldDefinition operation, Map<String, String> given, String more) {
        boolean alone = OF_ONE_ID.contains(operation.getName());
        String all = Stream.concat(
                        operation.getInputValueDefinitions().stream()
                                .filter(a -> isRequired(a)
                                        || given.containsKey(a.getName())
                                        || a.getName().equals("version_target_selector")
                                        || (a.getName().equals("customer_id") && !alone))
                                .map(a -> a.getName() + ": " + value("", a, given)),
                        Stream.of(more).filter(m -> !m.isEmpty()))
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : "(" + all + ")";
    }

    /** What stands for an argument: what is given, or else what is the caller's own. */
    private String value(String within, InputValueDefinition argument, Map<String, String> given) {
        String path = within + argument.getName();
        String type = named(argument.getType());
        if (type.equals("ID")) {
            String ours = Objects.requireNonNull(own.ids().get(argument.getName()));
            boolean isList = argument.getType().toString().contains("ListType");
            String named = given.getOrDefault(path, ours);
            return isList ? "[\"" + ours + "\", \"" + named + "\"]" : "\"" + named + "\"";
        }
        if (path.equals(CURSOR)) {
            return "\"" + given.get(path) + "\"";
        }
        Optional<InputObjectTypeDefinition> input =
                input(type).filter(i -> ids(within, argument).findAny().isPresent());
        if (input.isEmpty()) {
            return SampleArguments.of(argument.getName());
        }
        return input.get().getInputValueDefinitions().stream()
                .filter(field -> field.getName().equals("metadata")
                        || (named(field.getType()).equals("ID")
                                && (!CHOSEN.equals(path + "." + field.getName()) || given.containsKey(CHOSEN))))
                .map(field -> field.getName() + ": " + value(path + ".", field, given))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** All that can be asked for without arguments, so deep. */
    private String selection(Type<?> type, int deep) {
        if (!(schema.getTypeOrNull(named(type)) instanceof ObjectTypeDefinition object)) {
            return "";
        }
        Predicate<FieldDefinition> isLeaf =
                f -> !(schema.getTypeOrNull(named(f.getType())) instanceof ObjectTypeDefinition);
        return object.getFieldDefinitions().stream()
                .filter(f -> isLeaf.test(f) || deep > 1)
                .filter(f -> f.getInputValueDefinitions().isEmpty())
                .map(f -> f.getName() + selection(f.getType(), deep - 1))
                .collect(Collectors.joining(" ", " { __typename ", " }"));
    }

    private String without(String answer, FieldDefinition operation, Set<String> tried, Optional<Belongings> whose) {
        String shown = answer;
        for (Map.Entry<String, String> id : given(operation, tried, whose).entrySet()) {
            shown = shown.replace(id.getValue(), id.getKey());
        }
        return shown;
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        try (Snapshot snapshot = TestDatabase.of(folder).map(Snapshot::of).orElseGet(() -> Snapshot.of(folder))) {
            snapshot.columns().keySet().stream()
                    // A note of the database's own connections, which come and go.
                    .filter(table -> !table.equals("storage_writers"))
                    .forEach(table -> snapshot.rows(table, row -> rows.add(table + " " + row)));
        }
        return rows;
    }
}
