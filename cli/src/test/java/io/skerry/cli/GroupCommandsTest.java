package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups, what operators say of devices, and who changed what. */
class GroupCommandsTest {
    private static final String TRAINS = "0190eeee-0000-7000-8000-000000000001";
    private static final String LINE = "0190eeee-0000-7000-8000-000000000002";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> quay = new HashMap<>(Sample.node(Sample.QUAY, "quay", true));
        quay.put("group_id", LINE);
        quay.put("labels", List.of(word("site", "berlin"), word("canary", "")));
        quay.put("attributes", List.of(word("place", "second pole")));
        quay.put("instances", List.of());
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering(
                        "Authz_get_groups",
                        Sample.page("groups", null, group(TRAINS, null, "trains"), group(LINE, TRAINS, "line-1")))
                .answering("DM_get_nodes", Sample.page("nodes", null, quay))
                .answering("DM_get_node", quay)
                .answering("DM_update_node", Sample.QUAY)
                .answering("Authz_create_group", LINE)
                .answering("Authz_rename_group", LINE)
                .answering("Authz_move_group", LINE)
                .answering("Authz_remove_group", LINE);
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Map<String, Object> word(String name, String value) {
        return Map.of("name", name, "value", value);
    }

    private static Map<String, Object> group(String id, @Nullable String parent, String name) {
        Map<String, Object> group = new HashMap<>();
        group.put("group_id", id);
        group.put("customer_id", Sample.CUSTOMER);
        group.put("parent_group_id", parent);
        group.put("name", name);
        group.put("created_at", Sample.NOW - 3_600_000L);
        return group;
    }

    private void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out());
    }

    @Test
    void groupsAreListedByTheirPaths() throws IOException {
        shows("group-ls.txt", "group", "ls");
        shows("group-ls.json", "group", "ls", "-o", "json");
    }

    @Test
    void aGroupIsMadeWithinTheOnesThatItsPathNames() {
        assertThat(operator.runs("group", "add", "trains/line-2").code()).isZero();
        assertThat(operator.runs("group", "add", "trams").code()).isZero();

        assertThat(cloud.asked("Authz_create_group"))
                .containsExactly(
                        Map.of("customer_id", Sample.CUSTOMER, "parent_group_id", TRAINS, "name", "line-2"),
                        Map.of("customer_id", Sample.CUSTOMER, "name", "trams"));
    }

    @Test
    void whatTakesInstancesAwayIsDoneOnlyAfterAYesOnATerminal() {
        operator.atTerminal().refusing();

        assertThat(operator.runs("group", "mv", "trains/line-1", "/").code()).isEqualTo(2);
        assertThat(cloud.asked("Authz_move_group")).isEmpty();

        assertThat(operator.runs("group", "mv", "trains/line-1", "/", "--yes").code())
                .isZero();
        assertThat(cloud.asked("Authz_move_group")).hasSize(1);
    }

    @Test
    void aGroupIsRenamedMovedAndRemovedByItsPath() {
        assertThat(operator.runs("group", "rename", "trains/line-1", "s1").code())
                .isZero();
        assertThat(operator.runs("group", "mv", "trains/line-1", "/").code()).isZero();
        assertThat(operator.runs("group", "rm", "trains/line-1").code()).isZero();

        assertThat(cloud.asked("Authz_rename_group")).containsExactly(Map.of("group_id", LINE, "name", "s1"));
        assertThat(cloud.asked("Authz_move_group")).containsExactly(Map.of("group_id", LINE));
        assertThat(cloud.asked("Authz_remove_group")).containsExactly(Map.of("group_id", LINE));
    }

    @Test
    void aGroupThatIsntThereIsRefusedWithWords() {
        Operator.Result result = operator.runs("group", "rm", "trains/line-7");

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("no group 'trains/line-7'").contains("skerry group ls");
        assertThat(operator.runs("group", "rm", "/").err()).contains("root is no group");
    }

    @Test
    void aNodeShowsItsGroupLabelsAndAttributes() throws IOException {
        shows("node-show-group.txt", "node", "show", "quay");
    }

    @Test
    void whatIsSaidOfANodeIsAddedToWhatWasSaidBefore() {
        assertThat(operator.runs(
                                "node",
                                "set",
                                "quay",
                                "--group",
                                "trains",
                                "-l",
                                "site=bonn",
                                "--no-label",
                                "canary",
                                "--attribute",
                                "sim=8949")
                        .code())
                .isZero();

        assertThat(cloud.asked("DM_update_node"))
                .containsExactly(Map.of(
                        "node_id",
                        Sample.QUAY,
                        "group_id",
                        TRAINS,
                        "labels",
                        List.of(word("site", "bonn")),
                        "attributes",
                        List.of(word("place", "second pole"), word("sim", "8949"))));
    }

    @Test
    void aNodeIsPutAtTheRootBySlash() {
        operator.runs("node", "set", "quay", "--group", "/");

        Map<String, Object> asked = cloud.asked("DM_update_node").getFirst();
        assertThat(asked).containsKey("group_id");
        assertThat(asked.get("group_id")).isNull();
    }

    @Test
    void aRoleThatIsntThereIsWrongUsageAndTheAnswerNamesThoseThatAre() {
        Operator.Result result = operator.runs("key", "add", "ci", "--role", "king");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("no role 'king'").contains("viewer, deployer, operator, admin");
        assertThat(cloud.asked("Authz_create_api_key")).isEmpty();
    }

    @Test
    void nothingToSetIsWrongUsage() {
        assertThat(operator.runs("node", "set", "quay").code()).isEqualTo(2);
    }

    @Test
    void nodesAreListedByGroupAndLabel() {
        operator.runs("node", "ls", "--group", "trains/line-1", "-l", "site=berlin");

        assertThat(cloud.asked("DM_get_nodes").getLast())
                .containsEntry("group_id", LINE)
                .containsEntry("labels", List.of(word("site", "berlin")));
    }

    @Test
    void theAuditLogIsListedForPeopleAndForScripts() throws IOException {
        Map<String, Object> entry = new HashMap<>();
        entry.put("audit_id", "a-1");
        entry.put("at", Sample.NOW - 60_000L);
        entry.put("customer_id", Sample.CUSTOMER);
        entry.put("actor_kind", "api-key");
        entry.put("actor_id", "key-1");
        entry.put("actor_name", "anna");
        entry.put("operation", "DM_update_node");
        entry.put("subject_kind", "node");
        entry.put("subject_id", Sample.QUAY);
        entry.put("subject_name", "quay");
        entry.put("before", "{\"name\":\"quai\"}");
        entry.put("after", "{\"name\":\"quay\"}");
        cloud.answering("Authz_get_audit_log", Sample.page("entries", null, entry));

        shows("audit-ls.txt", "audit", "ls");
        shows("audit-ls.json", "audit", "ls", "--subject", Sample.QUAY, "-o", "json");
    }

    @Test
    void aChangeIsShownWithoutWhatIsAsItWas() {
        // given
        cloud.answering(
                "Authz_get_audit_log",
                Sample.page(
                        "entries",
                        null,
                        Map.ofEntries(
                                Map.entry("audit_id", "a-1"),
                                Map.entry("at", Sample.NOW - 60_000L),
                                Map.entry("actor_kind", "api-key"),
                                Map.entry("actor_id", "k-1"),
                                Map.entry("actor_name", "anna"),
                                Map.entry("operation", "DM_import_node_service"),
                                Map.entry("subject_kind", "service"),
                                Map.entry("subject_id", Sample.WEB),
                                Map.entry("subject_name", "web"),
                                Map.entry("before", "{\"environment\":[],\"memory_limit_mb\":128,\"restart\":\"no\"}"),
                                Map.entry(
                                        "after",
                                        "{\"environment\":[],\"health\":\"tcp\",\"memory_limit_mb\":64,\"restart\":\"no\"}"))));

        // when
        String shown = operator.runs("audit", "ls").out();

        // then
        assertThat(shown)
                .contains("{\"memory_limit_mb\":128} → {\"health\":\"tcp\",\"memory_limit_mb\":64}")
                .doesNotContain("environment", "restart");
    }
}
