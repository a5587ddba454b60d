package io.skerry.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.host.CommandResult;
import io.skerry.lab.host.HostTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of the launcher script, each in a shell of its own. */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("").toAbsolutePath().resolveSibling("packaging").resolve("launcher");

    @TempDir
    Path folder;

    @Test
    void theCountsAreThoseOfAllReportsAndFailuresAreNamed() throws IOException {
        report("a/target/surefire-reports/TEST-A.xml", """
                <testsuite name="A" time="0.1" tests="3" errors="0" skipped="1" failures="0">
                  <testcase name="works" classname="x.A" time="0.1"/>
                  <testcase name="needsRoot" classname="x.A" time="0">
                    <skipped message="not root"/>
                  </testcase>
                </testsuite>
                """);
        report("b/target/failsafe-reports/TEST-B.xml", """
                <testsuite name="B" time="0.1" tests="2" errors="1" skipped="0" failures="1">
                  <testcase name="breaks" classname="x.B" time="0.1">
                    <error type="y">text</error>
                  </testcase>
                </testsuite>
                """);
        CommandResult result = inLauncher("source tests.sh; count_tests");
        assertThat(result.out().lines().toList())
                .containsExactlyInAnyOrder(
                        "skipped: x.A.needsRoot", "failed: x.B.breaks", "2 passed, 2 failed, 1 skipped");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void noReportAtAllIsAFailure() {
        assertThat(inLauncher("source tests.sh; count_tests").exitCode()).isEqualTo(1);
    }

    @Test
    void onlyAWholeJdk25IsTaken() throws IOException {
        Path jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        for (String tool : List.of("javac", "jlink")) {
            Files.writeString(jdk.resolve("bin").resolve(tool), "#!/bin/sh\n");
            assertThat(jdk.resolve("bin").resolve(tool).toFile().setExecutable(true))
                    .isTrue();
        }
        for (String version : List.of("17.0.15", "250.1", "24")) {
            Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
            assertThat(isJdk25(jdk)).as(version).isFalse();
        }
        for (String version : List.of("25", "25.0.3")) {
            Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
            assertThat(isJdk25(jdk)).as(version).isTrue();
        }
        Files.delete(jdk.resolve("bin/jlink"));
        assertThat(isJdk25(jdk)).as("a runtime without jlink").isFalse();
    }

    private boolean isJdk25(Path jdk) {
        return inLauncher("source jdk.sh; is_jdk_25 '" + jdk + "'").succeeded();
    }

    private CommandResult inLauncher(String commands) {
        String script = "cd '" + LAUNCHER + "' && home='" + folder + "' && source messages.sh; " + commands;
        return new HostTools().attempt("", Duration.ofSeconds(20), List.of("bash", "-c", script));
    }

    private void report(String path, String xml) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, xml);
    }
}
