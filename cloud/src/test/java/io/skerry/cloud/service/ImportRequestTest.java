package io.skerry.cloud.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImportRequestTest {
    private static Map<String, @Nullable Object> input(String field, @Nullable Object value) {
        Map<String, @Nullable Object> input = new HashMap<>();
        input.put("customer_id", "c");
        input.put("node_service_input", Map.of("name", "web"));
        input.put(field, value);
        return input;
    }

    private static Map<String, @Nullable Object> metadata(String field, Object value) {
        return input("metadata", Map.of(field, value));
    }

    private static Map<String, @Nullable Object> health(String field, int value) {
        return metadata("health", Map.of("tcp", Map.of("port", 80), field, value));
    }

    private static Map<String, @Nullable Object> recovery(Map<String, Object> fields) {
        return metadata("recovery", fields);
    }

    private static Map<String, @Nullable Object> update(Map<String, Object> fields) {
        return metadata("update", fields);
    }

    private static Map<String, @Nullable Object> service(String field, Object value) {
        return input("node_service_input", Map.of("name", "web", field, value));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(metadata("memory_limit_mb", 5), "input.out-of-range", "metadata.memory_limit_mb"),
                Arguments.of(metadata("memory_limit_mb", 1048577), "input.out-of-range", "metadata.memory_limit_mb"),
                Arguments.of(metadata("cpu_limit_millis", -1), "input.out-of-range", "metadata.cpu_limit_millis"),
                Arguments.of(metadata("pids_limit", 15), "input.out-of-range", "metadata.pids_limit"),
                Arguments.of(metadata("stop_seconds", -1), "input.out-of-range", "metadata.stop_seconds"),
                Arguments.of(metadata("probation_seconds", 86401), "input.out-of-range", "metadata.probation_seconds"),
                Arguments.of(metadata("stop_seconds", 3601), "input.out-of-range", "metadata.stop_seconds"),
                Arguments.of(
                        health("interval_seconds", 3601), "input.out-of-range", "metadata.health.interval_seconds"),
                Arguments.of(health("timeout_seconds", 0), "input.out-of-range", "metadata.health.timeout_seconds"),
                Arguments.of(
                        health("start_period_seconds", 86401),
                        "input.out-of-range",
                        "metadata.health.start_period_seconds"),
                Arguments.of(health("retries", 101), "input.out-of-range", "metadata.health.retries"),
                Arguments.of(volume("Data", "/data"), "name.malformed", "metadata.volumes[0].source"),
                Arguments.of(volume("..", "/data"), "name.malformed", "metadata.volumes[0].source"),
                Arguments.of(volume("data", "data"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/a/../etc"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/a//b"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/a/"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/a\nb"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/proc/x"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(volume("data", "/run"), "input.malformed", "metadata.volumes[0].target"),
                Arguments.of(
                        metadata(
                                "volumes",
                                List.of(Map.of("source", "a", "target", "/x"), Map.of("source", "b", "target", "/x"))),
                        "input.duplicate",
                        "metadata.volumes[1].target"),
                Arguments.of(
                        metadata(
                                "volumes",
                                IntStream.range(0, 65)
                                        .mapToObj(i -> Map.of("source", "v" + i, "target", "/v" + i))
                                        .toList()),
                        "input.too-many",
                        "metadata.volumes"),
                Arguments.of(variable("1A", "x"), "input.malformed", "metadata.environment[0].name"),
                Arguments.of(variable("A=B", "x"), "input.malformed", "metadata.environment[0].name"),
                Arguments.of(variable("", "x"), "input.malformed", "metadata.environment[0].name"),
                Arguments.of(variable("A", "a\0b"), "input.malformed", "metadata.environment[0].value"),
                Arguments.of(variable("A", "x".repeat(40_000)), "input.malformed", "metadata.environment[0].value"),
                Arguments.of(metadata("health", Map.of()), "input.malformed", "metadata.health"),
                Arguments.of(
                        metadata("health", Map.of("tcp", Map.of("port", 1), "exec", List.of("/x"))),
                        "input.malformed",
                        "metadata.health"),
                Arguments.of(metadata("health", Map.of("exec", List.of())), "input.malformed", "metadata.health.exec"),
                Arguments.of(
                        metadata("health", Map.of("tcp", Map.of("port", 0))),
                        "input.out-of-range",
                        "metadata.health.tcp.port"),
                Arguments.of(
                        metadata("health", Map.of("http", Map.of("port", 80, "path", "healthz"))),
                        "input.malformed",
                        "metadata.health.http.path"),
                Arguments.of(
                        metadata("health", Map.of("http", Map.of("port", 80, "path", "/a b"))),
                        "input.malformed",
                        "metadata.health.http.path"),
                Arguments.of(
                        metadata("health", Map.of("tcp", Map.of("port", 1), "retries", 0)),
                        "input.out-of-range",
                        "metadata.health.retries"),
                Arguments.of(metadata("group", "apps"), "input.malformed", "data, root, platform, app"),
                Arguments.of(metadata("after", List.of("db", "db")), "input.duplicate", "metadata.after[1]"),
                Arguments.of(metadata("after", List.of("D B")), "name.malformed", "metadata.after[0]"),
                Arguments.of(
                        metadata(
                                "after",
                                IntStream.range(0, 33).mapToObj(i -> "s" + i).toList()),
                        "input.too-many",
                        "metadata.after"),
                Arguments.of(recovery(Map.of("max_retries", 1001)), "input.out-of-range", "recovery.max_retries"),
                Arguments.of(recovery(Map.of("retry_delay_seconds", 0)), "input.out-of-range", "retry_delay_seconds"),
                Arguments.of(
                        recovery(Map.of("retry_delay_seconds", 9, "most_delay_seconds", 8)),
                        "input.out-of-range",
                        "recovery.most_delay_seconds"),
                Arguments.of(recovery(Map.of("backoff_factor", 0.5)), "input.out-of-range", "recovery.backoff_factor"),
                Arguments.of(recovery(Map.of("backoff_factor", 11.0)), "input.out-of-range", "recovery.backoff_factor"),
                Arguments.of(recovery(Map.of("stable_seconds", 86401)), "input.out-of-range", "stable_seconds"),
                Arguments.of(recovery(Map.of("exhausted", "reboot")), "input.malformed", "recovery.exhausted"),
                Arguments.of(
                        recovery(Map.of("max_retries", 3, "exhausted", "pause")), "input.malformed", "pause_seconds"),
                Arguments.of(
                        recovery(Map.of("max_retries", 3, "exhausted", "give_up", "pause_seconds", 5)),
                        "input.malformed",
                        "recovery.pause_seconds"),
                Arguments.of(update(Map.of("lock_seconds", 604801)), "input.out-of-range", "update.lock_seconds"),
                Arguments.of(update(Map.of("strategy", "hand_over")), "input.malformed", "update.hand_over"),
                Arguments.of(
                        update(Map.of("hand_over", Map.of("command", List.of("/bin/over")))),
                        "input.malformed",
                        "update.hand_over"),
                Arguments.of(
                        update(Map.of("pre_update", Map.of("command", List.of()))),
                        "input.malformed",
                        "metadata.update.pre_update.command"),
                Arguments.of(
                        update(Map.of("post_update", Map.of("command", List.of("/x"), "timeout_seconds", 3601))),
                        "input.out-of-range",
                        "metadata.update.post_update.timeout_seconds"),
                Arguments.of(input("import_id", "mine"), "input.malformed", "import_id"),
                Arguments.of(input("node_service_input", Map.of("name", "Web Server")), "name.malformed", "Web Server"),
                Arguments.of(service("container_image", "a\nb"), "input.malformed", "container_image"),
                Arguments.of(sources(source("amd64", "BAD NAME")), "image-reference.malformed", "BAD NAME"),
                Arguments.of(
                        sources(source("amd64", "r.example/a:1"), source("amd64", "r.example/a:2")),
                        "input.duplicate",
                        "image_sources[1].arch"),
                Arguments.of(
                        sources(Map.of(
                                "arch",
                                "amd64",
                                "image_reference",
                                "r.example/a:1",
                                "authn",
                                Map.of("registry_user", "a:b", "registry_pw", "x"))),
                        "input.malformed",
                        "image_sources[0].authn.registry_user"),
                Arguments.of(
                        sources(Map.of(
                                "arch",
                                "amd64",
                                "image_reference",
                                "r.example/a:1",
                                "authn",
                                Map.of("registry_user", "a", "registry_pw", ""))),
                        "input.malformed",
                        "image_sources[0].authn.registry_pw"),
                Arguments.of(
                        service("access_gpsd_enabled", true),
                        "capability.unsupported",
                        "node_service_input.access_gpsd_enabled"),
                Arguments.of(
                        service("access_provided_subnet", "10.190.0.1"),
                        "subnet.malformed",
                        "node_service_input.access_provided_subnet"),
                Arguments.of(
                        service("dhcp_range_template", "10.190.0.1/31"),
                        "subnet.malformed",
                        "node_service_input.dhcp_range_template"),
                Arguments.of(
                        service("dhcp_range", "10.190.0.255/24"), "subnet.malformed", "node_service_input.dhcp_range"),
                Arguments.of(
                        service("network_config", interfaces("eth1", "eth1")),
                        "input.duplicate",
                        "node_service_input.network_config.access_interfaces[1].name"),
                Arguments.of(
                        service("network_config", interfaces("../eth1")),
                        "input.malformed",
                        "node_service_input.network_config.access_interfaces[0].name"),
                Arguments.of(
                        service("network_config", interfaces("interface-sixteen")),
                        "input.malformed",
                        "node_service_input.network_config.access_interfaces[0].name"));
    }

    private static Map<String, Object> interfaces(String... names) {
        return Map.of(
                "access_interfaces",
                Stream.of(names).map(n -> Map.of("name", n)).toList());
    }

    private static Map<String, @Nullable Object> volume(String source, String target) {
        return metadata("volumes", List.of(Map.of("source", source, "target", target)));
    }

    private static Map<String, @Nullable Object> variable(String name, String value) {
        return metadata("environment", List.of(Map.of("name", name, "value", value)));
    }

    private static Map<String, Object> source(String arch, String reference) {
        return Map.of("arch", arch, "image_reference", reference);
    }

    private static Map<String, @Nullable Object> sources(Object... sources) {
        return input("image_sources", List.of(sources));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Map<String, @Nullable Object> input, String code, String names) {
        ProblemException refusal = catchThrowableOfType(ProblemException.class, () -> ImportRequest.parse(input));
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.problem().message()).contains(names);
    }

    @Test
    void anImportWithoutANameSaysWhichFieldsNameTheService() {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class,
                () -> ImportRequest.parse(Map.of("customer_id", "c", "metadata", Map.of("memory_limit_mb", 50))));
        assertThat(refusal.code()).isEqualTo("service.unnamed");
        assertThat(refusal.problem().remedy())
                .contains("node_service_input.name")
                .contains("node_service_id");
    }

    @Test
    void readsAllThatAnImportCanSay() {
        ImportRequest request = ImportRequest.parse(Map.of(
                "customer_id",
                "c",
                "import_id",
                "0192f0c4-0000-7000-8000-000000000001",
                "node_service_input",
                Map.of(
                        "name",
                        "web",
                        "container_image",
                        "your-image",
                        "access_gpsd_enabled",
                        false,
                        "network_config",
                        Map.of(
                                "wan_configure_network",
                                "disabled",
                                "lan_configure_network",
                                "disabled",
                                "access_interfaces",
                                List.of())),
                "metadata",
                Map.of(
                        "memory_limit_mb",
                        50,
                        "cpu_limit_millis",
                        500,
                        "pids_limit",
                        16,
                        "volumes",
                        List.of(Map.of("source", "data", "target", "/data")),
                        "environment",
                        List.of(Map.of("name", "KEY", "value", "a\nb")),
                        "health",
                        Map.of("http", Map.of("port", 8080, "path", "/up"), "retries", 5),
                        "restart",
                        "on_failure",
                        "stop_seconds",
                        3,
                        "probation_seconds",
                        7),
                "image_sources",
                List.of(Map.of(
                        "arch",
                        "armhf",
                        "image_reference",
                        "r.example:5000/a:1",
                        "authn",
                        Map.of("registry_user", "_json_key", "registry_pw", "{\n}")))));

        VersionSettings settings = request.settings().applyTo(VersionSettings.DEFAULT);
        assertThat(settings)
                .isEqualTo(new VersionSettings(
                        50,
                        500,
                        16,
                        List.of(VolumeMount.of("data", "/data")),
                        Map.of("KEY", "a\nb"),
                        Optional.of(new HealthCheck.Http(8080, "/up", new HealthCheck.Timing(10, 5, 0, 5))),
                        RestartPolicy.ON_FAILURE,
                        3,
                        7,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(request.name()).contains("web");
        assertThat(request.containerImage()).contains("your-image");
        ImageSource source = request.sources().getFirst();
        assertThat(source.architecture()).isEqualTo(Architecture.ARMHF);
        assertThat(source.reference().registry()).isEqualTo("r.example:5000");
        assertThat(source.credentials().orElseThrow().password()).isEqualTo("{\n}");
        assertThat(request.toString()).doesNotContain("{\n}");
    }

    @Test
    void whatIsLeftOutIsInheritedAndANullHealthCheckIsTakenAway() {
        VersionSettings before = ImportRequest.parse(metadata("health", Map.of("tcp", Map.of("port", 80))))
                .settings()
                .applyTo(VersionSettings.DEFAULT);
        assertThat(ImportRequest.parse(metadata("memory_limit_mb", 77))
                        .settings()
                        .applyTo(before)
                        .health())
                .isEqualTo(before.health())
                .isPresent();
        Map<String, @Nullable Object> removing = new HashMap<>();
        removing.put("health", null);
        assertThat(ImportRequest.parse(input("metadata", removing))
                        .settings()
                        .applyTo(before)
                        .health())
                .isEmpty();
    }

    @Test
    void readsHowAContainerLivesAmongOthers() {
        VersionSettings settings = settings(
                VersionSettings.DEFAULT,
                Map.of(
                        "group",
                        "platform",
                        "goal_seconds",
                        300,
                        "status_goal",
                        "READY",
                        "update_scope",
                        "container",
                        "after",
                        List.of("db", "cache"),
                        "restart",
                        "unless_stopped",
                        "recovery",
                        Map.of(
                                "max_retries",
                                5,
                                "retry_delay_seconds",
                                120,
                                "backoff_factor",
                                1.5,
                                "stable_seconds",
                                90,
                                "exhausted",
                                "pause",
                                "pause_seconds",
                                300),
                        "update",
                        Map.of(
                                "strategy",
                                "hand_over",
                                "pre_update",
                                Map.of("command", List.of("/bin/save")),
                                "hand_over",
                                Map.of("command", List.of("/bin/over", "now"), "timeout_seconds", 5),
                                "lock_seconds",
                                0),
                        "volumes",
                        List.of(
                                Map.of("source", "a", "target", "/a", "shareable", true, "snapshot", true),
                                Map.of("source", "b", "target", "/b", "shareable", true, "snapshot", false))));

        assertThat(settings.membership())
                .contains(new Membership(
                        Optional.of("platform"),
                        Optional.of(Goal.READY),
                        Optional.of(300),
                        Optional.of(RestartScope.CONTAINER),
                        List.of("cache", "db")));
        assertThat(settings.restart()).isEqualTo(RestartPolicy.UNLESS_STOPPED);
        assertThat(settings.recovery()).contains(new Recovery(5, 120, 1.5, 120, 90, Recovery.Exhausted.PAUSE, 300));
        assertThat(settings.update())
                .contains(new UpdateRules(
                        UpdateRules.Strategy.HAND_OVER,
                        Optional.of(new UpdateRules.Hook(List.of("/bin/save"), 30)),
                        Optional.empty(),
                        Optional.of(new UpdateRules.Hook(List.of("/bin/over", "now"), 5)),
                        0));
        assertThat(settings.volumes())
                .containsExactly(
                        new VolumeMount("a", "/a", Optional.of(new VolumeMount.Care(true, true))),
                        new VolumeMount("b", "/b", Optional.of(new VolumeMount.Care(true, false))));
        assertThat(VersionSettings.JSON.fromJson(VersionSettings.JSON.toJson(settings)))
                .isEqualTo(settings);
    }

    @Test
    void whatIsAsUsualIsLeftOutSoThatItAsksNothingOfADevice() {
        assertThat(settings(
                        VersionSettings.DEFAULT,
                        Map.of(
                                "recovery",
                                Map.of("max_retries", 0),
                                "update",
                                Map.of("strategy", "stop_then_start"),
                                "after",
                                List.of())))
                .isEqualTo(VersionSettings.DEFAULT);
    }

    @Test
    void aPlaceIsInheritedFieldByFieldAndTakenAwayByNull() {
        VersionSettings before = settings(
                VersionSettings.DEFAULT,
                Map.of(
                        "group",
                        "root",
                        "goal_seconds",
                        90,
                        "after",
                        List.of("db"),
                        "recovery",
                        Map.of("max_retries", 2)));
        VersionSettings next = settings(before, Map.of("status_goal", "READY"));
        assertThat(next.membership())
                .contains(new Membership(
                        Optional.of("root"),
                        Optional.of(Goal.READY),
                        Optional.of(90),
                        Optional.empty(),
                        List.of("db")));
        assertThat(next.recovery()).isEqualTo(before.recovery()).isPresent();

        Map<String, @Nullable Object> removing = new HashMap<>();
        for (String field : List.of("group", "status_goal", "goal_seconds", "after", "recovery")) {
            removing.put(field, null);
        }
        assertThat(ImportRequest.parse(input("metadata", removing)).settings().applyTo(next))
                .isEqualTo(VersionSettings.DEFAULT);
    }

    @Test
    void settingsWrittenByAnEarlierVersionAreRead() {
        String row = "{\"memory_mb\":50,\"cpu_millis\":0,\"pids\":256,\"volumes\":[{\"source\":\"data\","
                + "\"target\":\"/data\"}],\"environment\":{},\"restart\":\"always\",\"stop_seconds\":10,"
                + "\"probation_seconds\":30}";
        VersionSettings read = VersionSettings.JSON.fromJson(row);
        assertThat(read.volumes()).containsExactly(VolumeMount.of("data", "/data"));
        assertThat(read.membership()).isEmpty();
        assertThat(read.recovery()).isEmpty();
        assertThat(read.update()).isEmpty();
        assertThat(VersionSettings.JSON.toJson(read)).isEqualTo(row);
    }

    private static VersionSettings settings(VersionSettings before, Map<String, Object> metadata) {
        return ImportRequest.parse(input("metadata", metadata)).settings().applyTo(before);
    }
}
