package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceProgramTest {
    @TempDir
    Path data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void logToStandardErrorAgain() {
        LineLog.install(System.err, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reboot",
                "run",
                "status",
                "plan --output json",
                "status --data DATA --colour",
                "status --data DATA --output xml",
                "plan --data DATA --output xml",
                "enrol --data DATA --name x",
                "enrol --data DATA --cloud http://cloud.example --token-file t --name x",
                "enrol --data DATA --cloud https://cloud.example --token-file t --name a/b"
            })
    void aWrongCommandLineEndsWithTwoAndChangesNothing(String words) {
        assertThat(end(words)).isEqualTo(2);
        assertThat(text(err)).startsWith("skerry device: ").hasLineCount(1);
        assertThat(text(out)).isEmpty();
        assertThat(data).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run --data DATA",
                "status --data DATA",
                "plan --data DATA",
                "plan --data DATA --desired DATA/none.json",
                "enrol --data DATA --cloud https://cloud.example --token-file DATA/none --name x"
            })
    void aProblemEndsWithOneAndItsSentence(String words) {
        assertThat(end(words)).isEqualTo(1);
        assertThat(text(err)).startsWith("skerry device: ").hasLineCount(1);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void whoLeavesOutTheDataFolderIsToldWhereItIs() {
        end("status");

        assertThat(text(err)).contains("/var/lib/skerry").contains("--data .skerry/devices/edge-1");
    }

    @Test
    void helpIsNoProblem() {
        assertThat(end("status --help")).isZero();
        assertThat(text(out)).startsWith("Usage:");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void whatTheDiskHasSpoiltIsToldWithoutAStackTrace() throws Exception {
        Files.writeString(data.resolve("situation.json"), "{\"committed\":");
        Files.createDirectories(data.resolve("parts/cloud"));
        Files.writeString(data.resolve("parts/cloud/1.json"), "{\"containers\":");

        assertThat(end("plan --data DATA")).isEqualTo(1);
        assertThat(text(err))
                .contains("skerry device: What the daemon last saw")
                .doesNotContain("\tat ");
    }

    private int end(String words) {
        List<String> list = words.isEmpty()
                ? List.of()
                : List.of(words.replace("DATA", data.toString()).split(" "));
        return DeviceProgram.exitCode(list, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
