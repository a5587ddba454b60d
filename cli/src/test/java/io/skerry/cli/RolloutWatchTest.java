package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutWatchTest {
    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_get_node_services", Sample.page("services", null, Sample.service(Sample.WEB, "web", 2)));
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Map<String, Object> quay(String state, int running) {
        return Sample.instance(Sample.WEB_ON_QUAY, Sample.QUAY, "quay", state, running, 2);
    }

    private static Map<String, Object> buoy(String state, int running) {
        return Sample.instance(Sample.WEB_ON_BUOY, Sample.BUOY, "buoy", state, running, 2);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private final void looks(Map<String, Object>... rollouts) {
        Iterator<Map<String, Object>> each = List.of(rollouts).iterator();
        Map<String, Object> last = rollouts[rollouts.length - 1];
        cloud.answering("DM_get_node_service_rollout", a -> each.hasNext() ? each.next() : last);
    }

    private void succeeds() {
        looks(
                Sample.rollout(2, 0, 2, 0, quay("fetching", 1), buoy("pending", 1)),
                Sample.rollout(2, 0, 2, 0, quay("fetching", 1), buoy("pending", 1)),
                Sample.rollout(2, 1, 1, 0, quay("healthy", 2), buoy("trial", 2)),
                Sample.rollout(2, 2, 0, 0, quay("healthy", 2), buoy("healthy", 2)));
    }

    private void fails() {
        looks(
                Sample.rollout(2, 0, 2, 0, quay("trial", 2), buoy("trial", 2)),
                Sample.rollout(2, 1, 0, 1, quay("healthy", 2), Sample.rolledBack(buoy("trial", 1))));
    }

    @Test
    void inAPipeEachChangeIsALine() throws IOException {
        succeeds();
        Operator.Result result = operator.runs("rollout", "watch", "web");
        assertThat(result.code()).isZero();
        Golden.matches("rollout-watch.txt", result.out());
    }

    @Test
    void onATerminalTheTableIsDrawnInItsPlace() {
        succeeds();
        Operator.Result result = operator.atTerminal().runs("rollout", "watch", "web");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("\u001b[4A").contains("2 of 2 done");
    }

    @Test
    void aFailureEndsWithOneAndShowsTheReasonAndTheLog() throws IOException {
        fails();
        Operator.Result result = operator.runs("rollout", "watch", "web");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("web version 2 failed on 1 of 2 devices.");
        Golden.matches("rollout-watch-failed.txt", result.out());
    }

    @Test
    void aRetryIsOfferedOnlyForWhatADeviceWentBackFromOrRefused() {
        fails();
        assertThat(operator.runs("rollout", "watch", "web").err()).contains("skerry instance retry INSTANCE");
        looks(Sample.rollout(2, 1, 0, 1, quay("mounted", 2), buoy("given-up", 2)));
        assertThat(operator.runs("rollout", "watch", "web").err())
                .contains("failed on 1 of 2 devices. Import a version that works.")
                .doesNotContain("retry");
    }

    @Test
    void aScriptGetsOneDocumentAlsoOfAFailure() {
        fails();
        Operator.Result result = operator.runs("rollout", "watch", "web", "-o", "json");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).startsWith("{").contains("\"failed\": 1").contains("\"no such file\"");
        assertThat(result.err()).contains("\"code\":\"rollout.failed\"");
    }

    @Test
    void oneInPhasesThatStandsEndsTheWatchAndSaysWhatToDo() {
        Map<String, Object> paused =
                new HashMap<>(Sample.rollout(2, 0, 1, 1, quay("healthy", 1), buoy("rolled-back", 1)));
        paused.put("phased", Sample.phased("r1", Sample.WEB, "paused", "It failed on 2 devices."));
        looks(paused);

        Operator.Result result = operator.runs("rollout", "watch", "web");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("(phase 1 of 2, paused)");
        assertThat(result.err())
                .contains("web version 2 is paused, with 3 of 40 devices done: It failed on 2 devices.")
                .contains("skerry rollout resume web");
    }

    @Test
    void theTimeLimitEndsWithItsOwnCode() {
        looks(Sample.rollout(2, 1, 0, 0, quay("healthy", 2), buoy("pending", 1)));
        Operator.Result result = operator.runs("rollout", "watch", "web", "--timeout", "5");
        assertThat(result.code()).isEqualTo(124);
        assertThat(result.err()).contains("1 offline").contains("after 5 s");
    }

    @Test
    void aRolloutWithoutInstancesIsOver() {
        looks(Sample.rollout(2, 0, 0, 0));
        Operator.Result result = operator.runs("rollout", "watch", "web");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("web version 2: no instance follows it.\n");
    }
}
