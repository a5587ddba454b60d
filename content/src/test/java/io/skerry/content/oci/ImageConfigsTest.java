package io.skerry.content.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.HealthCheck;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ImageConfigsTest {
    private static final String DIFF = "sha256:" + "c6".repeat(32);

    @Test
    void readsAConfigurationAsDockerWritesIt() {
        ImageConfig config = parse("""
                {"architecture":"arm","variant":"v7","os":"linux","created":"2015-10-31T22:22:56.015925234Z",
                 "config":{"Hostname":"","User":"www:www","ExposedPorts":{"8080/tcp":{},"53/udp":{}},
                  "Env":["PATH=/usr/bin:/bin","EMPTY=","EQ=a=b","BARE"],"Cmd":["serve","--port","8080"],
                  "Entrypoint":["/bin/app"],"Volumes":{"/var/data":{}},"WorkingDir":"/srv","Labels":null,
                  "StopSignal":"SIGINT","OnBuild":null,
                  "Healthcheck":{"Test":["CMD-SHELL","curl -f http://localhost || exit 1"],"Interval":15000000000,
                   "Timeout":1500000000,"Retries":2}},
                 "rootfs":{"type":"layers","diff_ids":["%s"]},"history":[{"created_by":"x","empty_layer":true}]}
                """.formatted(DIFF));

        assertThat(config.os() + "/" + config.architecture() + "/" + config.variant())
                .isEqualTo("linux/arm/v7");
        assertThat(config.entrypoint()).containsExactly("/bin/app");
        assertThat(config.command()).containsExactly("serve", "--port", "8080");
        assertThat(config.environment())
                .containsOnly(
                        entry("PATH", "/usr/bin:/bin"), entry("EMPTY", ""), entry("EQ", "a=b"), entry("BARE", ""));
        assertThat(config.user()).isEqualTo("www:www");
        assertThat(config.workingDirectory()).isEqualTo("/srv");
        assertThat(config.stopSignal()).isEqualTo("SIGINT");
        assertThat(config.exposedPorts()).containsExactly("8080/tcp", "53/udp");
        assertThat(config.volumes()).containsExactly("/var/data");
        assertThat(config.diffIds()).extracting(Object::toString).containsExactly(DIFF);
        assertThat(config.health())
                .contains(new HealthCheck.Exec(
                        java.util.List.of("/bin/sh", "-c", "curl -f http://localhost || exit 1"),
                        new HealthCheck.Timing(15, 2, 0, 2)));
    }

    @Test
    void takesWhatIsLeftOutAsDockerDoes() {
        ImageConfig config = parse("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":null}}");

        assertThat(config.workingDirectory()).isEqualTo("/");
        assertThat(config.stopSignal()).isEqualTo("SIGTERM");
        assertThat(config.health()).isEmpty();
        assertThat(config.diffIds()).isEmpty();
    }

    @Test
    void readsHealthChecksInEachForm() {
        assertThat(health("[\"NONE\"]")).isEmpty();
        assertThat(health("[]")).isEmpty();
        assertThat(health("[\"CMD\",\"/bin/check\",\"-v\"]"))
                .contains(new HealthCheck.Exec(
                        java.util.List.of("/bin/check", "-v"), new HealthCheck.Timing(30, 30, 0, 3)));
        refused(withHealth("[\"CMD\"]"), "has no command");
        refused(withHealth("[\"RUN\",\"x\"]"), "neither NONE, CMD nor CMD-SHELL");
    }

    @Test
    void refusesWhatIsNoConfiguration() {
        refused("{}", "'os' is missing");
        refused("{\"os\":\"linux\",\"architecture\":\"amd64\"}", "'rootfs' is missing");
        refused("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[\"x\"]}}", "diff_ids[0]");
        refused("{\"os\":\"linux\",\"architecture\":[],\"rootfs\":{}}", "'architecture' is not a text");
        refused(
                "{\"os\":\"linux\",\"architecture\":\"a\",\"config\":{\"Env\":[\"=x\"]},\"rootfs\":{}}",
                "a variable without a name");
        refused(
                "{\"os\":\"linux\",\"architecture\":\"a\",\"config\":{\"Cmd\":[null]},\"rootfs\":{}}",
                "Cmd[0]' is null");
    }

    @FuzzTest(maxDuration = "10s")
    void survivesAnything(byte[] bytes) {
        try {
            ImageConfigs.parse(bytes);
        } catch (ProblemException refused) {
            assertThat(refused.code()).isEqualTo("image.config-malformed");
        }
    }

    private static java.util.Optional<HealthCheck.Exec> health(String test) {
        return parse(withHealth(test)).health();
    }

    private static String withHealth(String test) {
        return "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{},\"config\":{\"Healthcheck\":{\"Test\":"
                + test + "}}}";
    }

    private static void refused(String json, String why) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parse(json))
                .withMessageStartingWith("image.config-malformed")
                .withMessageContaining(why);
    }

    private static ImageConfig parse(String json) {
        return ImageConfigs.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
