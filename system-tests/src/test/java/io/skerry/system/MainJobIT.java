package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job on real devices: an image from a registry runs on a fleet, and its next version replaces it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainJobIT {
    private Fleet fleet;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("mainjob");
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void imageRunsOnEveryDeviceAfterItsSourceWasSwitchedOff() {
        String service = fleet.importVersion("vanished", 1, Breakage.NONE);
        assertThat(fleet.lab().registry().running()).isFalse();

        String first = fleet.api().addInstance(service, fleet.node(fleet.device(0)));
        String second = fleet.api().addInstance(service, fleet.node(fleet.device(1)));

        fleet.awaitHealthy(first, 1);
        fleet.awaitHealthy(second, 1);
        assertThat(fleet.page(fleet.device(0), first)).contains("version 1");
        assertThat(fleet.page(fleet.device(1), second)).contains("version 1");
    }

    @Test
    void nextVersionReplacesTheOneThatRunsAndLeavesItsNeighbourAlone() {
        VirtualDevice device = fleet.device(0);
        String updated = fleet.api().addInstance(fleet.importVersion("updated", 1, Breakage.NONE), fleet.node(device));
        String neighbour =
                fleet.api().addInstance(fleet.importVersion("neighbour", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(updated, 1);
        fleet.awaitHealthy(neighbour, 1);
        long neighbourProcess = fleet.program(device, neighbour).pid();

        fleet.importVersion("updated", 2, Breakage.NONE);

        fleet.awaitHealthy(updated, 2);
        assertThat(fleet.page(device, updated)).contains("version 2");
        assertThat(fleet.program(device, neighbour).pid()).isEqualTo(neighbourProcess);
    }

    @ParameterizedTest
    @CsvSource({"EXITS, exits", "UNHEALTHY, unhealthy", "CRASH_LOOP, loops"})
    void brokenVersionGoesBackByItselfAndTheOperatorReadsWhy(Breakage breakage, String name) {
        VirtualDevice device = fleet.device(1);
        String instance = fleet.api().addInstance(fleet.importVersion(name, 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);

        // Longer than the crashing one serves its page.
        fleet.importVersion(name, 2, breakage, Map.of("probation_seconds", 10));

        fleet.awaitState(instance, "rolled-back");
        Fleet.waiting()
                .untilAsserted(() ->
                        assertThat(fleet.instance(instance).runningVersion()).contains(1));
        assertThat(fleet.page(device, instance)).contains("version 1");
        var reason = fleet.reason(instance).in("reason");
        assertThat(reason.required("container")).isEqualTo(instance);
        assertThat(reason.required("code"))
                .isEqualTo(breakage == Breakage.UNHEALTHY ? "container.unhealthy" : "container.exited");
        if (breakage == Breakage.EXITS) {
            assertThat(reason.required("message")).contains("3");
        }
    }

    @Test
    void failedVersionIsTriedAgainWhenAnOperatorAsksAndTheNextOneWithoutAsking() {
        VirtualDevice device = fleet.device(0);
        String instance = fleet.api().addInstance(fleet.importVersion("retried", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);
        fleet.importVersion("retried", 2, Breakage.EXITS);
        fleet.awaitState(instance, "rolled-back");
        long revision = attempted(device);

        fleet.api()
                .execute(
                        "mutation($i: [ID!]!) { DM_retry_node_service_instances(node_service_instance_ids: $i) }",
                        Map.of("i", List.of(instance)));
        Fleet.waiting().until(() -> attempted(device) > revision);
        fleet.awaitState(instance, "rolled-back");
        fleet.importVersion("retried", 3, Breakage.NONE);

        fleet.awaitHealthy(instance, 3);
    }

    private long attempted(VirtualDevice device) {
        return fleet.api()
                .execute(
                        "query($n: ID!) { DM_get_node(node_id: $n) { last_outcome { revision } } }",
                        Map.of("n", fleet.node(device)))
                .in("DM_get_node")
                .in("last_outcome")
                .number("revision")
                .orElse(0L);
    }

    @Test
    void pinMovesAnInstanceDownAndKeepsItThere() {
        String service = fleet.importVersion("pinned", 1, Breakage.NONE);
        fleet.importVersion("pinned", 2, Breakage.NONE);
        String instance = fleet.api().addInstance(service, fleet.node(fleet.device(1)));
        fleet.awaitHealthy(instance, 2);

        select(instance, "\"version:1\"");
        fleet.awaitHealthy(instance, 1);
        fleet.importVersion("pinned", 3, Breakage.NONE);
        assertThat(fleet.instance(instance).targetVersion()).contains(1);

        select(instance, "null");
        fleet.awaitHealthy(instance, 3);
    }

    @Test
    void versionThatDoesNotExistIsRefusedAsPinAndNothingChanges() {
        String service = fleet.importVersion("unpinned", 1, Breakage.NONE);
        String instance = fleet.api().addInstance(service, fleet.node(fleet.device(1)));

        assertThatThrownBy(() -> select(instance, "\"version:201\""))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().message()).contains("201"));
        assertThat(fleet.instance(instance).targetVersion()).contains(1);
    }

    /** Writes the selector as the seed does: within the document. */
    private void select(String instance, String value) {
        fleet.api()
                .execute(
                        "mutation($i: [ID!]!) { DM_update_node_service_instance_rollout_config(node_service_instance_ids: $i,"
                                + " version_target_selector: { value: " + value + " }) }",
                        Map.of("i", List.of(instance)));
    }

    @Test
    void removedInstanceIsGoneWithItsVolume() {
        VirtualDevice device = fleet.device(0);
        String service = fleet.importVersion(
                "removed", 1, Breakage.NONE, Map.of("volumes", List.of(Map.of("source", "data", "target", "/data"))));
        String instance = fleet.api().addInstance(service, fleet.node(device));
        fleet.awaitHealthy(instance, 1);
        Path volume =
                device.data().resolve("volumes/permanent").resolve(instance).resolve("data");
        assertThat(volume).isDirectory();

        fleet.remove(instance);

        Fleet.waiting().until(() -> Files.notExists(volume));
        assertThat(device.containerProcesses())
                .allSatisfy(p ->
                        assertThat(Shell.file("/proc/" + p.pid() + "/cgroup")).doesNotContain(instance));
    }

    @Test
    void logIsFollowedFromTheOperatorsDesk() {
        String instance =
                fleet.api().addInstance(fleet.importVersion("talks", 1, Breakage.NONE), fleet.node(fleet.device(0)));
        fleet.awaitHealthy(instance, 1);

        Shell.Result log = fleet.cli("logs", instance, "--tail", "5");

        assertThat(log.code()).as(log.err()).isZero();
        assertThat(log.out()).contains("version 1");
    }

    @Test
    void commandLineShowsTheFleetToPeopleAndToScripts() {
        String instance =
                fleet.api().addInstance(fleet.importVersion("shown", 1, Breakage.NONE), fleet.node(fleet.device(0)));
        fleet.awaitHealthy(instance, 1);

        Shell.Result table = fleet.cli("instance", "ls");
        Shell.Result json = fleet.cli("--output", "json", "instance", "ls");

        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out()).containsPattern("shown.*healthy");
        assertThat(json.out()).contains("\"" + instance + "\"").startsWith("[").doesNotContain("\u001b");
    }

    @Test
    void secretsStandInNoLogAndNoArgument() throws IOException {
        String password = fleet.lab().registry().password();
        String key = fleet.lab().cloud().key();
        fleet.importVersion("secret", 1, Breakage.NONE);

        try (var logs = Files.walk(fleet.folder().resolve("lab/log"))) {
            assertThat(logs.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(log -> assertThat(Shell.file(log.toString())).doesNotContain(password, key, "skc1_"));
        }
        assertThat(ProcessHandle.allProcesses().map(p -> Shell.file("/proc/" + p.pid() + "/cmdline")))
                .allSatisfy(arguments -> assertThat(arguments).doesNotContain(password, key));
    }
}
