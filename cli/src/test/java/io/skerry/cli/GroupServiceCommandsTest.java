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

/** Services that devices have by their groups. */
class GroupServiceCommandsTest {
    private static final String TRAINS = "0190eeee-0000-7000-8000-000000000001";
    private static final String LINE = "0190eeee-0000-7000-8000-000000000002";
    private static final String RULE = "0190ffff-0000-7000-8000-000000000001";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering(
                        "Authz_get_groups",
                        Sample.page("groups", null, group(TRAINS, null, "trains"), group(LINE, TRAINS, "line-1")))
                .answering("DM_get_node_services", Sample.page("services", null, Sample.service(Sample.WEB, "web", 2)))
                .answering(
                        "DM_get_group_node_services",
                        arguments -> Sample.page(
                                "group_node_services",
                                null,
                                arguments.get("group_id") == null
                                        ? List.of(rule(null, 3), rule("version:2", 0))
                                                .toArray()
                                        : List.of(rule(null, 3)).toArray()))
                .answering("DM_get_group_node_service", rule(null, 3))
                .answering("DM_get_absent_instances", Sample.page("absent_instances", null, absent()))
                .answering("DM_add_group_node_service", RULE)
                .answering("DM_update_group_node_service", RULE)
                .answering("DM_remove_group_node_service", RULE)
                .answering("DM_create_claim_token", "skc1_new");
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
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

    private static Map<String, Object> rule(@Nullable String selector, int absent) {
        Map<String, Object> rule = new HashMap<>();
        rule.put("group_node_service_id", selector == null ? RULE : RULE.replace("01", "02"));
        rule.put("customer_id", Sample.CUSTOMER);
        rule.put("group_id", selector == null ? LINE : TRAINS);
        rule.put("group_name", selector == null ? "line-1" : "trains");
        rule.put("node_service_id", Sample.WEB);
        rule.put("service_name", "web");
        rule.put("version_target_selector", selector);
        rule.put("instance_count", 12);
        rule.put("absent_count", absent);
        rule.put("created_at", Sample.NOW - 3_600_000L);
        return rule;
    }

    private static Map<String, Object> absent() {
        return Map.of(
                "group_node_service_id",
                RULE,
                "group_id",
                LINE,
                "group_name",
                "line-1",
                "node_service_id",
                Sample.WEB,
                "service_name",
                "web",
                "node_id",
                Sample.QUAY,
                "node_name",
                "quay",
                "reason",
                Map.of(
                        "code",
                        "instance.architecture-missing",
                        "message",
                        "The device runs arm64 images, but version 2 of service 'web' has amd64.",
                        "remedy",
                        "Import the service with an image for arm64."),
                "since",
                Sample.NOW - 600_000L);
    }

    private void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out());
    }

    @Test
    void aServiceIsPutOnAGroupAndWhoCantHaveItIsCounted() {
        Operator.Result result =
                operator.runs("instance", "add", "--service", "web", "--group", "trains/line-1", "--pin", "2");

        assertThat(result.out())
                .isEqualTo("web is put on 12 devices of trains/line-1; 3 can't have it: skerry group service absent"
                        + " trains/line-1 web\n");
        assertThat(cloud.asked("DM_add_group_node_service"))
                .containsExactly(Map.of(
                        "group_id",
                        LINE,
                        "node_service_id",
                        Sample.WEB,
                        "version_target_selector",
                        Map.of("value", "version:2")));
    }

    @Test
    void aServiceIsPutOnADeviceOrAGroupAndNotOnBoth() {
        assertThat(operator.runs("instance", "add", "--service", "web").code()).isEqualTo(2);
        assertThat(operator.runs("instance", "add", "--service", "web", "--node", "quay", "--group", "trains")
                        .err())
                .contains("either --node or --group");
    }

    @Test
    void whatGroupsHaveIsListedForPeopleAndForScripts() throws IOException {
        shows("group-service-ls.txt", "group", "service", "ls");
        shows("group-service-ls.json", "group", "service", "ls", "trains/line-1", "-o", "json");
    }

    @Test
    void whoCantHaveItIsListedWithTheReason() throws IOException {
        shows("group-service-absent.txt", "group", "service", "absent", "trains/line-1", "web");
    }

    @Test
    void aGroupsServiceIsTakenAwayOnlyAfterAYesOnATerminal() {
        operator.atTerminal().refusing();

        assertThat(operator.runs("group", "service", "rm", "trains/line-1", "web")
                        .code())
                .isEqualTo(2);
        assertThat(cloud.asked("DM_remove_group_node_service")).isEmpty();

        assertThat(operator.runs("group", "service", "rm", "trains/line-1", "web", "--yes")
                        .code())
                .isZero();
        assertThat(cloud.asked("DM_remove_group_node_service")).hasSize(1);
    }

    @Test
    void aGroupsServiceFollowsAnotherVersionAndIsTakenAway() {
        assertThat(operator.runs("group", "service", "pin", "trains/line-1", "web", "3")
                        .out())
                .isEqualTo("web of trains/line-1 follows 3 now.\n");
        assertThat(operator.runs("group", "service", "rm", "trains/line-1", "web")
                        .out())
                .isEqualTo("trains/line-1 has web no more.\n");

        assertThat(cloud.asked("DM_update_group_node_service"))
                .containsExactly(
                        Map.of("group_node_service_id", RULE, "version_target_selector", Map.of("value", "version:3")));
        assertThat(cloud.asked("DM_remove_group_node_service")).containsExactly(Map.of("group_node_service_id", RULE));
    }

    @Test
    void aServiceThatTheGroupHasntIsSaidToBeSo() {
        cloud.answering("DM_get_group_node_services", Sample.page("group_node_services", null));

        assertThat(operator.runs("group", "service", "rm", "trains", "web").err())
                .contains("The group 'trains' doesn't have the service 'web'.");
    }

    @Test
    void aTokenSaysInWhichGroupDevicesBegin() {
        operator.runs("node", "claim", "--group", "trains/line-1");

        assertThat(cloud.asked("DM_create_claim_token").getFirst()).containsEntry("group_id", LINE);
    }

    @Test
    void aNodeShowsWhichInstancesCameByWhichGroupAndWhatIsAbsent() throws IOException {
        Map<String, Object> instance = Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", "healthy", 2, 2);
        instance.put("by_group", Map.of("group_node_service_id", RULE, "group_id", LINE, "group_name", "line-1"));
        Map<String, Object> quay = Sample.node(Sample.QUAY, "quay", true);
        quay.put("instances", List.of(instance));
        quay.put("absent_instances", List.of(absent()));
        cloud.answering("DM_get_nodes", Sample.page("nodes", null, quay)).answering("DM_get_node", quay);

        shows("node-show-by-group.txt", "node", "show", "quay");
    }
}
