package io.skerry.device.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCommandsTest {
    private final HostCommands commands = new HostCommands();

    @Test
    void givesOutputErrorsAndExitCode() {
        CommandResult result = commands.run(HostCommand.of("sh", "-c", "cat; echo oh >&2; exit 3")
                .withInput("through")
                .in(Path.of("/tmp")));

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("through");
        assertThat(result.complaint()).isEqualTo("oh");
        assertThatThrownBy(result::orFail)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("host.command-failed"));
    }

    @Test
    void argumentsAreNotReadByAShell() {
        assertThat(commands.run(HostCommand.of("echo", "$HOME; `id`")).out()).isEqualTo("$HOME; `id`\n");
    }

    @Test
    void theEnvironmentIsCleared() {
        String out = commands.run(HostCommand.of("env").withEnvironment(Map.of("A", "b")))
                .out();

        assertThat(out.lines()).allMatch(l -> l.startsWith("PATH=") || l.equals("LC_ALL=C.UTF-8") || l.equals("A=b"));
        assertThat(out.lines()).contains("A=b");
    }

    @Test
    void namesThePackageOfAMissingProgram() {
        assertThatThrownBy(() -> commands.run(HostCommand.of("/nowhere/conmon")))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("host.command-missing");
                    assertThat(e.problem().remedy()).contains("package conmon");
                });
    }

    @Test
    void aToolThatTheDiskFailedForIsToldAsTheDisksProblem() {
        assertThatThrownBy(() -> commands.run(HostCommand.of("cp", "/etc/passwd", "/dev/full"))
                        .orFail())
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("disk.full");
                    assertThat(e.problem().sentence()).contains("'cp'", "/dev/full");
                });
        assertThatThrownBy(() ->
                        commands.run(HostCommand.of("cat", "/proc/self/mem")).orFail())
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("disk.failed"));
    }

    @Test
    void tellsWhyAProgramThatIsHereCanNotBeStarted(@TempDir Path folder) throws IOException {
        Path program = Files.writeString(folder.resolve("conmon"), "no program");

        assertThatThrownBy(() -> commands.run(HostCommand.of(program.toString())))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("host.command-not-started");
                    assertThat(e.problem().sentence()).contains("Permission denied");
                });
        // As for want of memory or of process numbers, it isn't the program that lacks.
        assertThatThrownBy(() -> commands.run(HostCommand.of("echo").in(folder.resolve("gone"))))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("host.command-not-started"));
    }

    @Test
    void namesThePackageOfAProgramThatIsNowhereOnTheSearchPath() {
        assertThatThrownBy(() -> commands.run(HostCommand.of("no-such-program")))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("host.command-missing"));
    }

    @Test
    void killsWhatTakesTooLong() {
        long begin = System.nanoTime();

        assertThatThrownBy(() -> commands.run(HostCommand.of("sleep", "30").within(Duration.ofMillis(100))))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("host.command-timeout"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void readsAllButKeepsABoundedPart() {
        CommandResult result = commands.run(HostCommand.of("head", "-c", "1000000", "/dev/zero"));

        assertThat(result.succeeded()).isTrue();
        assertThat(result.out()).hasSize(HostCommands.CAPTURED_BYTES);
    }

    @Test
    void keepsTheEndWhenThatIsAskedFor() {
        CommandResult result = commands.run(HostCommand.of("sh", "-c", "head -c 1000000 /dev/zero; echo last")
                .keepingTheEnd());

        assertThat(result.out()).hasSize(HostCommands.CAPTURED_BYTES).endsWith("\0last\n");
        assertThat(commands.run(HostCommand.of("echo", "short").keepingTheEnd()).out())
                .isEqualTo("short\n");
    }

    @Test
    void blotsOutSecrets() {
        assertThat(commands.run(HostCommand.of("cat").withInput("key=hunter2").hiding(Set.of("hunter2")))
                        .out())
                .isEqualTo("key=***");
    }

    @Test
    void theFirstLineComesWhileTheProgramRuns() {
        assertThat(commands.firstLine(
                        HostCommand.of("sh", "-c", "echo here; sleep 30").within(Duration.ofSeconds(5))))
                .isEqualTo("here");
    }
}
