package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds the schema that is built against the one that was published, so that no caller is broken unawares. To publish a change, run
 * this test with {@code -Dpublished.write=true}; whatever breaks callers must stand in docs/schema-breaks.md before, in the words of
 * this test, with its reason.
 */
class PublishedSchemaTest {
    private static final Path PUBLISHED = Path.of("src/test/resources/io/skerry/cloud/graphql/published.graphqls");
    private static final Path ACCEPTED = Path.of("../docs/schema-breaks.md");

    @Test
    void theSchemaBreaksNoCallerOfThePublishedOne() throws IOException {
        String accepted = Files.readString(ACCEPTED);
        assertThat(SchemaChanges.breaking(Files.readString(PUBLISHED), FleetApi.text()))
                .as("changes that break callers; each that is wanted must stand in docs/schema-breaks.md")
                .allSatisfy(change -> assertThat(accepted).contains(change));
        if (Boolean.getBoolean("published.write")) {
            Files.writeString(PUBLISHED, FleetApi.text());
        }
        assertThat(Files.readString(PUBLISHED))
                .as("the published schema isn't the one that is built; publish it with -Dpublished.write=true")
                .isEqualTo(FleetApi.text());
    }

    private static final String BEFORE = """
            directive @needs(role: role!) on FIELD_DEFINITION
            enum role { viewer deployer operator admin }
            input filter { name: String }
            enum state { on off }
            type thing { id: ID! name: String state: state }
            type Query { things(take: Int, filter: filter): [thing!]! @needs(role: viewer) }
            """;

    private static List<String> breaking(String from, String to) {
        String after = BEFORE.replace(from, to);
        assertThat(after).isNotEqualTo(BEFORE);
        return SchemaChanges.breaking(BEFORE, after);
    }

    @Test
    void whatOnlyAddsBreaksNobody() {
        assertThat(breaking("name: String state", "name: String size: Int state"))
                .isEmpty();
        assertThat(breaking("take: Int,", "take: Int, cursor: String,")).isEmpty();
        assertThat(breaking("{ name: String }", "{ name: String size: Int }")).isEmpty();
        assertThat(breaking("viewer)", "viewer) more: Int @needs(role: admin)")).isEmpty();
    }

    @Test
    void eachBreakingChangeIsNamed() {
        assertThat(breaking("name: String state", "state"))
                .singleElement()
                .asString()
                .contains("thing", "name");
        assertThat(breaking("take: Int,", "")).singleElement().asString().contains("things", "take");
        assertThat(breaking("take: Int,", "take: Int!,"))
                .singleElement()
                .asString()
                .contains("take");
        assertThat(breaking("take: Int,", "take: String,"))
                .singleElement()
                .asString()
                .contains("take");
        assertThat(breaking("id: ID!", "id: ID")).singleElement().asString().contains("thing", "id");
        assertThat(breaking("on off", "on")).singleElement().asString().contains("state", "off");
        assertThat(breaking("{ name: String }", "{ name: String size: Int! }"))
                .singleElement()
                .asString()
                .contains("filter", "size");
        assertThat(breaking("viewer)", "operator)"))
                .containsExactly("Query.things needs the role operator, where viewer was enough.");
        assertThat(breaking("role: viewer)", "role: viewer) more: Int @needs(role: admin)"))
                .isEmpty();
    }

    @Test
    void whoNeedsLessIsServedAsBefore() {
        String strict = BEFORE.replace("viewer)", "admin)");
        assertThat(SchemaChanges.breaking(strict, BEFORE)).isEmpty();
    }
}
