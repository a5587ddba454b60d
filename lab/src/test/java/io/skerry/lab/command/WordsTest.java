package io.skerry.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.LabReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static final Path LAB = Path.of("/src/skerry/.skerry");

    @Test
    void theCommandThatAsksADeviceCanBeTypedAsItStands() {
        assertThat(new Words("./skerry", Path.of("/src/skerry"), LAB).report(report()))
                .contains("  ./skerry device status --data .skerry/devices/edge-1  what edge-1 says of itself");
    }

    @Test
    void fromElsewhereTheDevicesFolderIsNamedInFull() {
        assertThat(new Words("/src/skerry/skerry", Path.of("/root"), LAB).report(report()))
                .contains("/src/skerry/skerry device status --data /src/skerry/.skerry/devices/edge-1  ");
    }

    private static LabReport report() {
        String data = LAB.resolve("devices/edge-1").toString();
        return new LabReport(
                "https://127.0.0.1:7443/graphql",
                "https://198.18.1.1:7444",
                "https://198.18.1.1:7444",
                LAB + "/ca.pem",
                "secret",
                "customer",
                List.of(new LabReport.Node("node", "edge-1", "skerry-edge-1", data)),
                List.of(),
                "");
    }
}
