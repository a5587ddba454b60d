package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Holds the codes of the sources' problems against those that docs/codes.md tells, so that no program that goes by one is broken unawares.
 * To tell of new ones, run this test with {@code -Dpublished.write=true}; one that is gone must stand in docs/schema-breaks.md before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StableCodesTest {
    private static final List<String> MODULES = List.of("spec", "content", "cloud", "cli");
    private static final Path TOLD = Path.of("../docs/codes.md");
    private static final Path ACCEPTED = Path.of("../docs/schema-breaks.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);
    private static final String ANY = "…";

    /** Codes that aren't written where a problem is made, by the module and package where they are. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "graphql.syntax", "cloud graphql",
            "graphql.invalid", "cloud graphql",
            "graphql.too-large", "cloud graphql",
            "image.config-malformed", "content oci",
            "cloud.error", "cli api");

    private final Map<String, Code> codes = new TreeMap<>();

    /** @param from modules with their packages */
    private record Code(Set<String> from, Set<String> remedies) {
        Code() {
            this(new TreeSet<>(), new TreeSet<>());
        }

        String row(String code) {
            return "| `" + code + "` | " + String.join(", ", from) + " | "
                    + String.join(" Or: ", remedies).replace("|", "\\|").replace("<", "\\<") + " |\n";
        }
    }

    @BeforeAll
    void read() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            for (String module : MODULES) {
                var task = (JavacTask) compiler.getTask(
                        null,
                        files,
                        null,
                        List.of("-proc:none"),
                        null,
                        files.getJavaFileObjectsFromPaths(sources(module)));
                for (CompilationUnitTree unit : task.parse()) {
                    new Problems(from(module, unit), constants(unit)).scan(unit, unit);
                }
            }
        }
        ELSEWHERE.forEach((code, from) -> of(code).from().add(from));
    }

    @Test
    void theDocumentTellsEachCodeAndNoneIsGoneUnawares() throws IOException {
        // given
        String accepted = Files.readString(ACCEPTED);
        Set<String> gone = Files.exists(TOLD) ? told(Files.readString(TOLD)) : new TreeSet<>();
        gone.removeAll(codes.keySet());

        // then
        assertThat(gone)
                .as("codes that are gone; each that is wanted gone must stand in docs/schema-breaks.md")
                .allSatisfy(code -> assertThat(accepted).contains("`" + code + "`"));
        if (Boolean.getBoolean("published.write")) {
            Files.writeString(TOLD, document());
        }
        assertThat(Files.readString(TOLD))
                .as("docs/codes.md isn't what the sources say; have it written with -Dpublished.write=true")
                .isEqualTo(document());
    }

    @Test
    void whatIsWrittenElsewhereIsThere() throws IOException {
        for (Map.Entry<String, String> code : ELSEWHERE.entrySet()) {
            String place = "/" + code.getValue().replaceFirst(".* ", "") + "/";
            String module = code.getValue().replaceFirst(" .*", "");
            boolean isThere = false;
            for (Path source : sources(module)) {
                isThere |= source.toString().contains(place)
                        && Files.readString(source).contains("\"" + code.getKey() + "\"");
            }
            assertThat(isThere).as(code.getKey()).isTrue();
        }
    }

    private Code of(String code) {
        return codes.computeIfAbsent(code, c -> new Code());
    }

    private String document() {
        return """
                # Codes of problems

                What `errors[].extensions.code` of the fleet API, `code` of the other answers and of `skerry -o json` may be, in which part it comes from, and
                what is said to do about it; %s stands for what depends on the case. Codes stay: what is gone is in [schema-breaks.md](schema-breaks.md).
                Made from the sources by `StableCodesTest`.

                | code | from | what to do |
                | --- | --- | --- |
                """.formatted(ANY)
                + codes.entrySet().stream()
                        .map(e -> e.getValue().row(e.getKey()))
                        .collect(Collectors.joining());
    }

    private static Set<String> told(String document) {
        return ROW.matcher(document).results().map(r -> r.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> found = Files.walk(Path.of("..", module, "src/main/java"))) {
            return found.filter(p -> p.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static String from(String module, CompilationUnitTree unit) {
        String name = String.valueOf(unit.getPackageName());
        String last = name.substring(name.lastIndexOf('.') + 1);
        return last.equals(module) ? module : module + " " + last;
    }

    private static Map<String, ExpressionTree> constants(CompilationUnitTree unit) {
        Map<String, ExpressionTree> constants = new HashMap<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitVariable(VariableTree variable, Void none) {
                Optional.ofNullable(variable.getInitializer())
                        .filter(v -> variable.getModifiers().getFlags().contains(Modifier.STATIC))
                        .ifPresent(v -> constants.put(variable.getName().toString(), v));
                return super.visitVariable(variable, null);
            }
        }.scan(unit, null);
        return constants;
    }

    /** Finds where problems are made. */
    private final class Problems extends TreeScanner<Void, CompilationUnitTree> {
        private final String from;
        private final Map<String, ExpressionTree> constants;

        Problems(String from, Map<String, ExpressionTree> constants) {
            this.from = from;
            this.constants = constants;
        }

        @Override
        public Void visitNewClass(NewClassTree made, CompilationUnitTree unit) {
            if (made.getIdentifier().toString().equals("Problem")) {
                List<? extends ExpressionTree> arguments = made.getArguments();
                texts(arguments.getFirst()).filter(code -> !code.equals(ANY)).forEach(code -> {
                    of(code).from().add(from);
                    arguments.stream()
                            .skip(2)
                            .flatMap(this::texts)
                            .filter(remedy -> !remedy.equals(ANY) && !remedy.isEmpty())
                            .forEach(of(code).remedies()::add);
                });
            }
            return super.visitNewClass(made, unit);
        }

        /** What an expression may come to. */
        private Stream<String> texts(ExpressionTree expression) {
            return switch (expression) {
                case LiteralTree literal -> Stream.of(String.valueOf(literal.getValue()));
                case ParenthesizedTree inner -> texts(inner.getExpression());
                case ConditionalExpressionTree either ->
                    Stream.concat(texts(either.getTrueExpression()), texts(either.getFalseExpression()));
                case BinaryTree sum ->
                    texts(sum.getLeftOperand())
                            .flatMap(left -> texts(sum.getRightOperand()).map(right -> joined(left, right)));
                case IdentifierTree name ->
                    Optional.ofNullable(constants.get(name.getName().toString()))
                            .map(this::texts)
                            .orElse(Stream.of(ANY));
                default -> Stream.of(ANY);
            };
        }

        private static String joined(String left, String right) {
            return left.endsWith(ANY) && right.equals(ANY) ? left : left + right;
        }
    }
}
