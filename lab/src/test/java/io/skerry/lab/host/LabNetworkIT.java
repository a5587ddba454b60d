package io.skerry.lab.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabNetworkIT {
    private final HostTools tools = new HostTools();
    private LabNetwork network = new LabNetwork(tools, "labit", 0);

    @BeforeEach
    void needsRoot() throws Exception {
        assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "not root");
        network = new LabNetwork(tools, "labit", LabNetwork.freeSubnet(tools));
    }

    @AfterEach
    void clean() {
        List.copyOf(network.namespaces()).forEach(n -> network.removeNamespace(n.substring("labit-".length())));
        network.removeBridge();
    }

    @Test
    void devicesReachTheHostAndBeingAskedTwiceChangesNothing() {
        for (int round = 0; round < 2; round++) {
            network.ensureBridge();
            network.ensureNamespace("a", 0);
            network.ensureNamespace("b", 1);
        }
        for (String device : List.of("a", "b")) {
            assertThat(reaches(device)).isTrue();
        }
    }

    @Test
    void aPulledCableCutsOneDeviceOff() {
        network.ensureBridge();
        network.ensureNamespace("a", 0);
        network.ensureNamespace("b", 1);
        network.plug("a", false);
        assertThat(reaches("a")).isFalse();
        assertThat(reaches("b")).isTrue();
        network.plug("a", true);
        assertThat(Pause.until(Duration.ofSeconds(5), () -> reaches("a"))).isTrue();
    }

    @Test
    void nothingIsLeftBehind() {
        network.ensureBridge();
        network.ensureNamespace("a", 0);
        network.removeNamespace("a");
        network.removeBridge();
        assertThat(network.namespaces()).isEmpty();
        assertThat(tools.run("ip", "-o", "link")).doesNotContain("labit");
    }

    private boolean reaches(String device) {
        return tools.attempt(
                        "nsenter",
                        "--net=/run/netns/" + network.namespace(device),
                        "/bin/busybox",
                        "ping",
                        "-c",
                        "1",
                        "-W",
                        "1",
                        network.hostAddress())
                .succeeded();
    }
}
