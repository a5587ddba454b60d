package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowCommandsTest {
    private static final String TRAINS = "0190ffff-0000-7000-8000-000000000001";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> group = new HashMap<>(
                Map.of("group_id", TRAINS, "customer_id", Sample.CUSTOMER, "name", "trains", "created_at", Sample.NOW));
        group.put("parent_group_id", null);
        Map<String, Object> weekend =
                new HashMap<>(Map.of("days", List.of("SATURDAY", "SUNDAY"), "start", "02:00", "end", "04:30"));
        weekend.put("minutes", null);
        Map<String, Object> windows = new HashMap<>();
        windows.put("fetching", null);
        windows.put(
                "switching",
                Map.of(
                        "daily",
                        List.of(weekend),
                        "scheduled",
                        List.of(Map.of("from", 1_798_758_000_000L, "until", 1_798_765_200_000L))));
        Map<String, Object> times = new HashMap<>();
        List.of("node_id", "node_service_id", "node_service_instance_id", "urgent_until", "urgent_reason")
                .forEach(name -> times.put(name, null));
        times.put("customer_id", Sample.CUSTOMER);
        times.put("group_id", TRAINS);
        times.put("windows", windows);
        times.put("time_zone", "Europe/Berlin");
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("Authz_get_groups", Sample.page("groups", null, group))
                .answering("DM_get_nodes", Sample.page("nodes", null, Sample.node(Sample.QUAY, "quay", true)))
                .answering("DM_get_node_services", Sample.page("services", null))
                .answering("DM_get_update_windows", Sample.page("update_times", null, times))
                .answering("DM_set_update_windows", TRAINS)
                .answering("DM_remove_update_windows", TRAINS)
                .answering("DM_set_time_zone", TRAINS)
                .answering("DM_open_update_windows", Sample.QUAY);
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void windowsAreListedAsTheyAreTyped() throws IOException {
        Operator.Result result = operator.runs("window", "ls");

        assertThat(result.err()).isEmpty();
        Golden.matches("window-ls.txt", result.out());
    }

    @Test
    void windowsAreSetAsTheyAreTyped() {
        Operator.Result result = operator.runs(
                "window",
                "set",
                "--group",
                "trains",
                "--fetch",
                "20:00-06:00",
                "--switch",
                "sat,sun 02:00+90",
                "--switch",
                "2026-12-24T02:00:00+01:00/2026-12-24T03:00:00Z",
                "--time-zone",
                "Europe/Berlin");

        assertThat(result.err()).isEmpty();
        assertThat(cloud.asked("DM_set_time_zone"))
                .containsExactly(Map.of("group_id", TRAINS, "time_zone", "Europe/Berlin"));
        assertThat(cloud.asked("DM_set_update_windows").toString())
                .contains(
                        "20:00",
                        "06:00",
                        "[SATURDAY, SUNDAY]",
                        "minutes=90",
                        "from=1798074000000",
                        "until=1798081200000");
    }

    @Test
    void windowsOfTheCustomerAreTakenAwayWhenNothingElseIsNamed() {
        assertThat(operator.runs("window", "rm").code()).isZero();

        assertThat(cloud.asked("DM_remove_update_windows")).containsExactly(Map.of("customer_id", Sample.CUSTOMER));
    }

    @Test
    void whatIsUrgentPassesAllWindows() {
        assertThat(operator.runs("window", "open", "--node", "quay", "--minutes", "60", "--reason", "CVE")
                        .code())
                .isZero();

        assertThat(cloud.asked("DM_open_update_windows"))
                .containsExactly(Map.of("node_id", Sample.QUAY, "minutes", 60, "reason", "CVE"));
    }

    @Test
    void aWholeGroupOrCustomerPassesAllWindows() {
        assertThat(operator.runs("window", "open", "--all", "--minutes", "60", "--reason", "CVE")
                        .code())
                .isZero();
        Operator.Result nothing = operator.runs("window", "open", "--minutes", "60", "--reason", "CVE");
        assertThat(nothing.code())
                .as("nobody opens all by leaving something out")
                .isEqualTo(2);
        assertThat(nothing.err()).startsWith("skerry: Missing required argument");

        assertThat(cloud.asked("DM_open_update_windows"))
                .containsExactly(Map.of("customer_id", Sample.CUSTOMER, "minutes", 60, "reason", "CVE"));
    }

    @Test
    void whatIsNoWindowIsRefusedBeforeAnythingIsAsked() {
        for (String wrong : List.of("2-4", "xyz 02:00-04:00", "02:00", "a/b", "02:00-04:00/x")) {
            Operator.Result result = operator.runs("window", "set", "--switch", wrong);
            assertThat(result.code()).as(wrong).isEqualTo(2);
            assertThat(result.err()).contains("isn't a window");
        }
        assertThat(operator.runs("window", "set").code()).isEqualTo(2);
        assertThat(operator.runs("window", "set", "--always", "--fetch", "02:00-04:00")
                        .code())
                .isEqualTo(2);
        assertThat(cloud.asked("DM_set_update_windows")).isEmpty();
    }
}
