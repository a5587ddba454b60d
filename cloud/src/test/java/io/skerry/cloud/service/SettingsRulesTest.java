package io.skerry.cloud.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsRulesTest {
    private static final Map<String, Object> OVERLAPPING = Map.of("strategy", "start_then_stop");

    private static VersionSettings settings(VersionSettings before, Map<String, Object> metadata) {
        return ImportRequest.parse(
                        Map.of("customer_id", "c", "node_service_input", Map.of("name", "web"), "metadata", metadata))
                .settings()
                .applyTo(before);
    }

    private static Map<String, Object> volume(String name, boolean shareable) {
        return Map.of("source", name, "target", "/" + name, "shareable", shareable);
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                Arguments.of(
                        Map.of("update", OVERLAPPING, "volumes", List.of(volume("a", true), volume("b", false))),
                        "metadata.volumes[1] ('b')",
                        "start-then-stop"),
                Arguments.of(
                        Map.of(
                                "update",
                                Map.of("strategy", "hand_over", "hand_over", Map.of("command", List.of("/x"))),
                                "volumes",
                                List.of(volume("a", false))),
                        "metadata.volumes[0] ('a')",
                        "hand-over"),
                Arguments.of(
                        Map.of("update", OVERLAPPING, "group", "platform"), "metadata.update.strategy", "platform"),
                Arguments.of(
                        Map.of("update", OVERLAPPING, "update_scope", "system"), "metadata.update.strategy", "system"),
                Arguments.of(
                        Map.of("status_goal", "MOUNTED", "health", Map.of("tcp", Map.of("port", 80))),
                        "metadata.health",
                        "MOUNTED"),
                Arguments.of(
                        Map.of("group", "data", "update", Map.of("pre_update", Map.of("command", List.of("/x")))),
                        "metadata.update",
                        "'data'"));
    }

    @ParameterizedTest
    @MethodSource
    void contradictions(Map<String, Object> metadata, String field, String why) {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> SettingsRules.check(settings(VersionSettings.DEFAULT, metadata)));
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo("input.contradiction");
        assertThat(refusal.problem().message()).contains(field, why);
        assertThat(refusal.problem().remedy()).isNotEmpty();
    }

    @Test
    void whatIsInheritedCountsToo() {
        VersionSettings before = settings(VersionSettings.DEFAULT, Map.of("volumes", List.of(volume("a", false))));
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> SettingsRules.check(settings(before, Map.of("update", OVERLAPPING))));
        assertThat(refusal.problem().message()).contains("metadata.volumes[0]");
    }

    @Test
    void whatFitsTogetherIsTaken() {
        for (Map<String, Object> fitting : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("update", OVERLAPPING),
                Map.of("update", OVERLAPPING, "volumes", List.of(volume("a", true))),
                Map.of("update", OVERLAPPING, "group", "platform", "update_scope", "container"),
                Map.of("group", "data", "status_goal", "READY", "health", Map.of("tcp", Map.of("port", 80))),
                Map.of("group", "data", "update", Map.of("lock_seconds", 5)))) {
            assertThatCode(() -> SettingsRules.check(settings(VersionSettings.DEFAULT, fitting)))
                    .as(fitting.toString())
                    .doesNotThrowAnyException();
        }
    }
}
