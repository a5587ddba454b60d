package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceImportTest {
    @TempDir
    private Path folder;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_import_node_service", Sample.WEB)
                .answering("DM_get_node_service_import", a -> progress(a, "done", "done", 100, 100, 3));
        operator = Operator.of(cloud, folder);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Map<String, Object> progress(
            Map<String, Object> asked, String state, String step, long done, long total, int version) {
        Map<String, Object> map = new HashMap<>();
        map.put("import_id", asked.get("import_id"));
        map.put("service_name", "web");
        map.put("state", state);
        map.put("step", step);
        map.put("bytes_done", done);
        map.put("bytes_total", total);
        map.put("started_at", Sample.NOW);
        map.put("container_version", version == 0 ? null : version);
        map.put("node_service_id", version == 0 ? null : Sample.WEB);
        return map;
    }

    @Test
    void everyOptionReachesTheCloud() throws IOException {
        Path variables = folder.resolve("web.env");
        Files.writeString(variables, "# comment\n\nGREETING=ahoy\n");
        Operator.Result result = operator.piping("s3cret\n")
                .runs(
                        "service",
                        "import",
                        "web",
                        "--image",
                        "arm64=registry.example/edge/web:3",
                        "--image",
                        "armhf=registry.example/edge/web:3",
                        "--user",
                        "ci",
                        "--password-file",
                        "-",
                        "--memory-mb",
                        "64",
                        "--cpu-millis",
                        "500",
                        "--pids",
                        "32",
                        "--volume",
                        "data:/var/lib/web",
                        "--env-file",
                        variables.toString(),
                        "--env",
                        "MODE=a=b",
                        "--health-http",
                        "8080/healthz",
                        "--interval",
                        "5",
                        "--timeout",
                        "2s",
                        "--start-period",
                        "1m",
                        "--retries",
                        "4",
                        "--restart",
                        "on-failure",
                        "--stop-seconds",
                        "7",
                        "--probation-seconds",
                        "15");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("web is now version 3 (service " + Sample.WEB + ").\n");
        Map<String, Object> input = new HashMap<>(input());
        assertThat(input.remove("import_id")).asString().hasSize(36);
        Map<String, Object> login = Map.of("registry_user", "ci", "registry_pw", "s3cret");
        assertThat(input)
                .isEqualTo(Map.of(
                        "customer_id",
                        Sample.CUSTOMER,
                        "node_service_input",
                        Map.of("name", "web"),
                        "image_sources",
                        List.of(
                                Map.of(
                                        "arch",
                                        "arm64",
                                        "image_reference",
                                        "registry.example/edge/web:3",
                                        "authn",
                                        login),
                                Map.of(
                                        "arch",
                                        "armhf",
                                        "image_reference",
                                        "registry.example/edge/web:3",
                                        "authn",
                                        login)),
                        "metadata",
                        metadata()));
    }

    private static Map<String, Object> metadata() {
        Map<String, Object> map = new HashMap<>();
        map.put("memory_limit_mb", 64);
        map.put("cpu_limit_millis", 500);
        map.put("pids_limit", 32);
        map.put(
                "volumes",
                List.of(Map.of("source", "data", "target", "/var/lib/web", "shareable", false, "snapshot", false)));
        map.put(
                "environment",
                List.of(Map.of("name", "GREETING", "value", "ahoy"), Map.of("name", "MODE", "value", "a=b")));
        map.put(
                "health",
                Map.of(
                        "http",
                        Map.of("port", 8080, "path", "/healthz"),
                        "interval_seconds",
                        5,
                        "timeout_seconds",
                        2,
                        "start_period_seconds",
                        60,
                        "retries",
                        4));
        map.put("restart", "on_failure");
        map.put("stop_seconds", 7);
        map.put("probation_seconds", 15);
        return map;
    }

    @Test
    void howAContainerLivesAmongOthersReachesTheCloud() {
        Operator.Result result = operator.runs(
                "service",
                "import",
                "recorder",
                "--group=platform",
                "--goal=ready",
                "--goal-time=5m",
                "--update-scope=container",
                "--after=broker",
                "--after=clock",
                "--restart=unless-stopped",
                "--max-retries=5",
                "--retry-delay=5s",
                "--backoff-factor=1.5",
                "--most-delay=2m",
                "--stable=90",
                "--exhausted=pause",
                "--pause=10m",
                "--strategy=hand-over",
                "--pre-update=recorder flush",
                "--post-update=recorder check",
                "--hand-over=kill -USR1 1",
                "--hook-timeout=20",
                "--lock=1h",
                "--volume=data:/data:shareable,snapshot");
        assertThat(result.err()).isEmpty();
        assertThat(input().get("metadata"))
                .isEqualTo(Map.ofEntries(
                        Map.entry("group", "platform"),
                        Map.entry("status_goal", "READY"),
                        Map.entry("goal_seconds", 300),
                        Map.entry("update_scope", "container"),
                        Map.entry("after", List.of("broker", "clock")),
                        Map.entry("restart", "unless_stopped"),
                        Map.entry(
                                "recovery",
                                Map.of(
                                        "max_retries",
                                        5,
                                        "retry_delay_seconds",
                                        5,
                                        "backoff_factor",
                                        1.5,
                                        "most_delay_seconds",
                                        120,
                                        "stable_seconds",
                                        90,
                                        "exhausted",
                                        "pause",
                                        "pause_seconds",
                                        600)),
                        Map.entry(
                                "update",
                                Map.of(
                                        "strategy",
                                        "hand_over",
                                        "pre_update",
                                        shell("recorder flush"),
                                        "post_update",
                                        shell("recorder check"),
                                        "hand_over",
                                        shell("kill -USR1 1"),
                                        "lock_seconds",
                                        3600)),
                        Map.entry(
                                "volumes",
                                List.of(Map.of(
                                        "source", "data", "target", "/data", "shareable", true, "snapshot", true)))));
    }

    private static Map<String, Object> shell(String command) {
        return Map.of("command", List.of("/bin/sh", "-c", command), "timeout_seconds", 20);
    }

    @Test
    void whatIsTakenAwayIsSentAsNull() {
        operator.runs("service", "import", "web", "--without", "health", "--without", "goal", "--without", "goal-time");
        Map<String, Object> expected = new HashMap<>();
        expected.put("health", null);
        expected.put("status_goal", null);
        expected.put("goal_seconds", null);
        assertThat(input().get("metadata")).isEqualTo(expected);
    }

    @Test
    void aTimeLimitForNoCommandIsAUsageError() {
        Operator.Result result = operator.runs("service", "import", "web", "--hook-timeout", "5");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--pre-update");
    }

    @Test
    void anEmptyCommandIsAUsageError() {
        Operator.Result result = operator.runs("service", "import", "web", "--pre-update", " ");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("A command is empty");
    }

    private Map<String, Object> input() {
        @SuppressWarnings("unchecked")
        Map<String, Object> input = (Map<String, Object>) Objects.requireNonNull(
                cloud.asked("DM_import_node_service").getFirst().get("input"));
        return input;
    }

    @Test
    void whatIsLeftOutIsNotSentSoThatItIsInherited() {
        operator.runs("service", "import", "web", "--image", "amd64=registry.example/web:4");
        assertThat(input()).containsOnlyKeys("customer_id", "import_id", "node_service_input", "image_sources");
    }

    /** The import goes on until its progress was asked for as often as there are steps. */
    private void slowly(String... steps) {
        CountDownLatch told = new CountDownLatch(steps.length);
        AtomicInteger next = new AtomicInteger();
        cloud.answering("DM_get_node_service_import", a -> {
            int at = next.getAndIncrement();
            told.countDown();
            return at < steps.length
                    ? progress(a, "running", steps[at], 25L * at, 100, 0)
                    : progress(a, "done", "done", 100, 100, 3);
        });
        cloud.answering("DM_import_node_service", a -> {
            try {
                assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Sample.WEB;
        });
    }

    @Test
    void inAPipeEachStepIsALineOnce() {
        slowly("resolving", "pulling layer 1 of 2", "pulling layer 1 of 2", "pulling layer 2 of 2");
        Operator.Result result = operator.runs("service", "import", "web", "--image", "amd64=registry.example/web:4");
        assertThat(result.out().lines())
                .startsWith("resolving", "pulling layer 1 of 2", "pulling layer 2 of 2")
                .endsWith("web is now version 3 (service " + Sample.WEB + ").");
        assertThat(result.out().lines().filter("pulling layer 1 of 2"::equals)).hasSize(1);
    }

    @Test
    void onATerminalThereIsABar() {
        slowly("resolving", "pulling layer 1 of 2", "pulling layer 2 of 2");
        Operator.Result result =
                operator.atTerminal().runs("service", "import", "web", "--image", "amd64=registry.example/web:4");
        assertThat(result.out())
                .contains("━━━━━━──────────────────   25%  25 B of 100 B  pulling layer 1 of 2")
                .endsWith("web is now version 3 (service " + Sample.WEB + ").\n");
    }

    @Test
    void aScriptGetsOneDocument() {
        slowly();
        Operator.Result result =
                operator.runs("service", "import", "web", "--image", "amd64=registry.example/web:4", "-o", "json");
        assertThat(result.out())
                .startsWith("{\n  \"node_service_id\": \"" + Sample.WEB + "\"")
                .contains("\"container_version\": 3");
    }

    @Test
    void aRefusedImportTellsTheCloudsReason() {
        cloud.refusing(
                "DM_import_node_service",
                new Problem("image.unauthorized", "registry.example refused the password of ci.", "Check it."));
        Operator.Result result = operator.runs("service", "import", "web", "--image", "amd64=registry.example/web:4");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).endsWith("skerry: registry.example refused the password of ci. Check it.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"idempotency.under-way", "idempotency.answer-lost"})
    void anImportWhoseAnswerIsntToldIsFollowedToItsEnd(String code) {
        cloud.refusing("DM_import_node_service", new Problem(code, "It isn't told.", "Look."));
        Operator.Result result = operator.runs("service", "import", "web", "--image", "amd64=registry.example/web:4");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).endsWith("web is now version 3 (service " + Sample.WEB + ").\n");
    }

    @Test
    void thePasswordIsAskedForWhenNoFileIsGiven() {
        operator.typing("typed").runs("service", "import", "web", "--image", "amd64=r.example/w:4", "--user", "ci");
        assertThat(input().toString()).contains("registry_pw=typed");
    }

    @Test
    void withoutATerminalThePasswordsAbsenceIsSaid() {
        Operator.Result result =
                operator.runs("service", "import", "web", "--image", "amd64=r.example/w:4", "--user", "ci");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--password-file");
        assertThat(cloud.asked("DM_import_node_service")).isEmpty();
    }
}
