package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Installation;
import io.skerry.lab.SampleImage;
import io.skerry.lab.reliability.MachineFleet;
import io.skerry.lab.vm.MachineDevice;
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

/**
 * A device whose machine has Debian's systemd as process 1 and control groups of version 2 only, and whose daemon is started by
 * the unit that is shipped.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SystemdVmIT {
    private MachineFleet fleet;
    private String instance;

    @BeforeAll
    void startDevice() {
        Assumptions.assumeTrue(MachineFleet.missing().isEmpty(), MachineFleet.missing());
        fleet = new MachineFleet(Installation.ofCheckout(), "systemd", MachineDevice.Keeper.SYSTEMD);
        instance = fleet.api().addInstance(imported("steady", 1, Breakage.NONE, Map.of()), fleet.node());
        waiting().until(() -> fleet.services().instance(instance).healthy());
    }

    @AfterAll
    void endDevice() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void unitIsReadyWhenTheDaemonSaysSoAndStaysSoLongerThanItsWatchdogsTime() {
        assertThat(property("Type") + " " + property("ActiveState") + " " + property("SubState"))
                .isEqualTo("notify active running");
        assertThat(property("WatchdogUSec")).isEqualTo("1min");
        assertThat(property("StatusText")).isEqualTo("Runs as " + MachineFleet.NODE);
        String first = property("MainPID");
        String beat = property("WatchdogTimestampMonotonic");

        waiting().until(() -> longer(beat, property("WatchdogTimestampMonotonic"), Duration.ofSeconds(65)));

        assertThat(property("MainPID") + " after " + property("NRestarts"))
                .isEqualTo(first + " after " + property("NRestarts"));
        assertThat(property("ActiveState")).isEqualTo("active");
    }

    @Test
    void killedDaemonIsStartedAgainWhileContainersGoOn() {
        daemonIsReplacedWhileContainersGoOn("KILL");
    }

    @Test
    void daemonThatFallsSilentIsKilledByTheWatchdogAndStartedAgainWhileContainersGoOn() {
        daemonIsReplacedWhileContainersGoOn("STOP");

        assertThat(fleet.machine().consoleText()).contains(MachineDevice.UNIT + ": Watchdog timeout");
    }

    private void daemonIsReplacedWhileContainersGoOn(String signal) {
        String process = fleet.device().process(instance);
        assertThat(process).isNotEmpty();
        String first = property("MainPID");
        int restarts = Integer.parseInt(property("NRestarts"));

        fleet.machine().output("kill -" + signal + " " + first);

        assertThat(fleet.device().page(instance, SampleImage.PORT)).contains("version 1");
        waiting()
                .untilAsserted(
                        () -> assertThat(property("ActiveState") + " after " + property("NRestarts") + " restarts")
                                .isEqualTo("active after " + (restarts + 1) + " restarts"));
        assertThat(property("MainPID")).isNotEqualTo(first);
        assertThat(fleet.device().process(instance)).isEqualTo(process);
        assertThat(fleet.device().page(instance, SampleImage.PORT)).contains("version 1");
        // The new daemon carries out what is asked of the device, so it is no mere process.
        String more = fleet.api().addInstance(imported("more", 1, Breakage.NONE, Map.of()), fleet.node());
        waiting().until(() -> fleet.services().instance(more).healthy());
        fleet.api()
                .execute(
                        "mutation($i: [ID!]!) { DM_remove_node_service_instances(node_service_instance_ids: $i) }",
                        Map.of("i", List.of(more)));
        waiting().untilAsserted(() -> assertThat(fleet.device().process(more)).isEmpty());
        assertThat(fleet.device().process(instance)).isEqualTo(process);
    }

    @Test
    void containerOverItsMemoryLimitIsReportedAsOutOfMemoryAndReplacedByTheOneBefore() {
        assertThat(fleet.machine().output("stat -f -c %T /sys/fs/cgroup")).isEqualTo("cgroup2fs\n");
        String hungry = fleet.api().addInstance(imported("hungry", 1, Breakage.NONE, Map.of()), fleet.node());
        waiting().until(() -> fleet.services().instance(hungry).healthy());
        assertThat(fleet.machine()
                        .output("cat /sys/fs/cgroup/skerry/device/" + hungry + "/memory.max")
                        .strip())
                .isEqualTo(Long.toString(32L << 20));

        imported("hungry", 2, Breakage.HUNGRY, Map.of("probation_seconds", 60));

        waiting()
                .untilAsserted(
                        () -> assertThat(fleet.services().instance(hungry).state() + " for " + reason(hungry))
                                .isEqualTo("rolled-back for container.out-of-memory"));
        waiting().until(() -> fleet.device().page(hungry, SampleImage.PORT).contains("version 1"));
    }

    private String imported(String service, int version, Breakage breakage, Map<String, ?> metadata) {
        return fleet.services().importVersions(service, List.of(new SampleImage(version, breakage)), metadata);
    }

    private String reason(String of) {
        return fleet.api()
                .execute(
                        "query($i: ID!) { DM_get_node_service_instance(node_service_instance_id: $i) { reason { code } } }",
                        Map.of("i", of))
                .in("DM_get_node_service_instance")
                .in("reason")
                .text("code")
                .orElse("");
    }

    private String property(String name) {
        return fleet.machine()
                .output("systemctl show -P " + name + " " + MachineDevice.UNIT)
                .strip();
    }

    private static boolean longer(String from, String to, Duration than) {
        return Long.parseLong(to) - Long.parseLong(from) > than.toMillis() * 1000;
    }

    private static ConditionFactory waiting() {
        return Awaitility.await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofSeconds(1));
    }
}
