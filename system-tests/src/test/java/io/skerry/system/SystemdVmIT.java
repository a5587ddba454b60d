package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Installation;
import io.skerry.lab.SampleImage;
import io.skerry.lab.reliability.MachineFleet;
import io.skerry.lab.vm.SystemdRoot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A device whose machine has Debian's systemd as process 1 and control groups of version 2 only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SystemdVmIT {
    /** Says that it is alive until it is asked to fall silent, as a daemon that hangs does. */
    private static final String WATCHED = """
            [Service]
            Type=notify
            NotifyAccess=all
            WatchdogSec=10
            WatchdogSignal=SIGKILL
            Restart=always
            RestartSec=1
            KillMode=process
            ExecStart=/bin/sh -c 'systemd-notify --ready; while :; do [ -e /run/silent ] || systemd-notify WATCHDOG=1; sleep 2; done'
            """;

    private MachineFleet fleet;

    @BeforeAll
    void startDevice() {
        Assumptions.assumeTrue(MachineFleet.missing().isEmpty(), MachineFleet.missing());
        Installation installation = Installation.ofCheckout();
        fleet = new MachineFleet(
                installation,
                "systemd",
                plain -> SystemdRoot.of(plain, installation.state(), Map.of("watched.service", WATCHED)));
    }

    @AfterAll
    void endDevice() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void serviceThatNoLongerNotifiesIsKilledAndStartedAgain() {
        fleet.machine().output("rm -f /run/silent; systemctl start watched");
        assertThat(property("ActiveState")).isEqualTo("active");
        String first = property("MainPID");
        // Longer than the watchdog's time: as long as it notifies, nothing happens to it.
        fleet.machine().output("sleep 15");
        assertThat(property("MainPID") + " after " + property("NRestarts") + " restarts")
                .isEqualTo(first + " after 0 restarts");

        fleet.machine().output("touch /run/silent");
        waiting().until(() -> !property("NRestarts").equals("0"));
        fleet.machine().output("rm /run/silent");

        waiting().until(() -> property("ActiveState").equals("active"));
        assertThat(property("MainPID")).isNotEqualTo(first);
        assertThat(fleet.machine().consoleText()).contains("watched.service: Watchdog timeout");
        fleet.machine().output("systemctl stop watched");
    }

    @Test
    void containerOverItsMemoryLimitIsReportedAsOutOfMemoryAndReplacedByTheOneBefore() {
        assertThat(fleet.machine().output("stat -f -c %T /sys/fs/cgroup")).isEqualTo("cgroup2fs\n");
        String service = fleet.importVersions("hungry", List.of(new SampleImage(1, Breakage.NONE)), Map.of());
        String instance = fleet.api().addInstance(service, fleet.node());
        waiting().until(() -> fleet.instance(instance).healthy());
        assertThat(fleet.machine()
                        .output("cat /sys/fs/cgroup/skerry/device/" + instance + "/memory.max")
                        .strip())
                .isEqualTo(Long.toString(32L << 20));

        fleet.importVersions("hungry", List.of(new SampleImage(2, Breakage.HUNGRY)), Map.of("probation_seconds", 60));

        waiting()
                .untilAsserted(() -> assertThat(fleet.instance(instance).state() + " for " + reason(instance))
                        .isEqualTo("rolled-back for container.out-of-memory"));
        waiting().until(() -> fleet.device().page(instance, SampleImage.PORT).contains("version 1"));
    }

    private String reason(String instance) {
        return fleet.api()
                .execute(
                        "query($i: ID!) { DM_get_node_service_instance(node_service_instance_id: $i) { reason { code } } }",
                        Map.of("i", instance))
                .in("DM_get_node_service_instance")
                .in("reason")
                .text("code")
                .orElse("");
    }

    private String property(String name) {
        return fleet.machine().output("systemctl show -P " + name + " watched").strip();
    }

    private static ConditionFactory waiting() {
        return Awaitility.await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofSeconds(1));
    }
}
