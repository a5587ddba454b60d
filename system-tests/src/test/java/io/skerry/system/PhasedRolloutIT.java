package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Answer;
import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.FleetApi.Instance;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A fleet as an integrator has it: three devices of a group, of which the first is the canary, have the group's services, and new versions
 * reach them phase by phase. Meanwhile the control plane is killed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhasedRolloutIT {
    /** As large as a file may be, so that the device's document is long. */
    private static final String PLACE = "north pier, ".repeat(5_461);

    private static final String CANARY_THEN_THE_REST_ONCE_APPROVED =
            "{phases: [{labels: [{name: \"canary\", value: \"yes\"}]}, {approval: true}]}";

    private Fleet fleet;
    private String group;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("phases", 3);
        group = ask("mutation { Authz_create_group(customer_id: \"" + fleet.customer() + "\", name: \"harbour\") }")
                .required("Authz_create_group");
        for (VirtualDevice device : fleet.lab().devices()) {
            String labels = device == fleet.device(0) ? "[{name: \"canary\", value: \"yes\"}]" : "[]";
            ask("mutation { DM_update_node(node_id: \"" + fleet.node(device) + "\", group_id: \"" + group
                    + "\", labels: " + labels + ") }");
        }
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void newVersionComesPhaseByPhaseInItsWindowThoughTheControlPlaneIsKilledTwice() {
        String service = onTheGroup("web");
        Instance canary = on(fleet.device(0), service);
        Instance second = on(fleet.device(1), service);
        Instance third = on(fleet.device(2), service);
        setFile(canary, "/etc/place", PLACE);
        injectKey(second, "/run/secrets/key");
        // Meanwhile the containers are replaced, and there is none for a moment.
        Fleet.waiting().ignoreExceptions().untilAsserted(() -> {
            assertThat(inside(0, canary, "/etc/place")).isEqualTo(PLACE.strip());
            assertThat(inside(1, second, "/run/secrets/key")).isNotEmpty();
        });
        String key = inside(1, second, "/run/secrets/key");
        policy(service, CANARY_THEN_THE_REST_ONCE_APPROVED);
        closeWindow(fleet.device(2));

        fleet.importVersion("web", 2, Breakage.NONE);
        awaitRollout(service, "awaiting-approval");
        killControlPlane();

        assertThat(state(service)).isEqualTo("awaiting-approval");
        Fleet.waiting().untilAsserted(() -> {
            assertThat(members(service, "done")).containsExactly(canary.nodeName());
            assertThat(members(service, "pending")).containsExactlyInAnyOrder(second.nodeName(), third.nodeName());
        });
        assertThat(fleet.instance(second.id()).runningVersion()).contains(1);

        ask("mutation { DM_approve_rollout(rollout_id: \"" + rollout(service).required("rollout_id") + "\") }");
        fleet.awaitHealthy(second.id(), 2);
        fleet.awaitState(third.id(), "awaiting-window");
        killControlPlane();

        Fleet.waiting()
                .untilAsserted(() -> assertThat(members(service, "waiting")).containsExactly(third.nodeName()));
        assertThat(fleet.instance(third.id()).runningVersion()).contains(1);
        ask("mutation { DM_open_update_windows(node_service_id: \"" + service
                + "\", minutes: 60, reason: \"a hole in it\") }");
        fleet.awaitHealthy(third.id(), 2);
        awaitRollout(service, "completed");
        ask("mutation { DM_remove_update_windows(node_id: \"" + fleet.node(fleet.device(2)) + "\") }");

        assertThat(inside(0, canary, "/etc/place")).isEqualTo(PLACE.strip());
        assertThat(inside(1, second, "/run/secrets/key")).isEqualTo(key);
        assertThat(nodesSeenBy(key)).containsExactly(second.nodeName());
    }

    @Test
    void versionThatFailsOnTheCanaryReachesNobodyElseAndIsTakenBack() {
        String service = onTheGroup("faulty");
        Instance canary = on(fleet.device(0), service);
        policy(service, CANARY_THEN_THE_REST_ONCE_APPROVED);

        fleet.importVersion("faulty", 2, Breakage.EXITS);
        awaitRollout(service, "paused");

        assertThat(rollout(service).in("reason").required("code")).isEqualTo("rollout.failures");
        assertThat(members(service, "failed")).containsExactly(canary.nodeName());
        assertThat(fleet.reason(canary.id()).in("reason").required("code")).isEqualTo("container.exited");
        assertThat(fleet.api().instances(fleet.customer()))
                .filteredOn(i -> i.service().equals(service) && !i.id().equals(canary.id()))
                .hasSize(2)
                .allMatch(i -> i.targetVersion().equals(Optional.of(1)));

        ask("mutation { DM_revert_rollout(rollout_id: \"" + rollout(service).required("rollout_id") + "\") }");
        for (VirtualDevice device : fleet.lab().devices()) {
            fleet.awaitHealthy(on(device, service).id(), 1);
        }
    }

    /** A service's first version, on each device by way of the group, and healthy there. */
    private String onTheGroup(String name) {
        String service = fleet.importVersion(name, 1, Breakage.NONE);
        ask("mutation { DM_add_group_node_service(group_id: \"" + group + "\", node_service_id: \"" + service
                + "\") }");
        for (VirtualDevice device : fleet.lab().devices()) {
            fleet.awaitHealthy(on(device, service).id(), 1);
        }
        return service;
    }

    private Instance on(VirtualDevice device, String service) {
        return fleet.api().instances(fleet.customer()).stream()
                .filter(i -> i.service().equals(service) && i.nodeName().equals(device.name()))
                .findFirst()
                .orElseThrow();
    }

    private void setFile(Instance instance, String path, String content) {
        ask("mutation { DM_set_node_service_instance_config(node_service_instance_id: \"" + instance.id()
                + "\", files: [{path: \"" + path + "\", content: \"" + content + "\"}]) }");
    }

    private void injectKey(Instance instance, String path) {
        ask("mutation { DM_inject_api_key(node_service_instance_id: \"" + instance.id() + "\", path: \"" + path
                + "\") }");
    }

    /** Nothing is switched on it within the next hour. */
    private void closeWindow(VirtualDevice device) {
        long soon = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        long later = soon + Duration.ofHours(1).toMillis();
        ask("mutation { DM_set_update_windows(node_id: \"" + fleet.node(device)
                + "\", windows: {switching: {scheduled: [{from: " + soon + ", until: " + later + "}]}}) }");
    }

    private void policy(String service, String policy) {
        ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service + "\", policy: " + policy + ") }");
    }

    private void killControlPlane() {
        fleet.lab().cloud().kill();
        fleet.lab().cloud().start();
    }

    private void awaitRollout(String service, String state) {
        Fleet.waiting().untilAsserted(() -> assertThat(state(service)).isEqualTo(state));
    }

    private String state(String service) {
        return rollout(service).required("state");
    }

    private Answer rollout(String service) {
        return ask("{ DM_get_node_service_rollout(node_service_id: \"" + service
                        + "\") { phased { rollout_id state reason { code } } } }")
                .in("DM_get_node_service_rollout")
                .in("phased");
    }

    /** The names of the devices that are in this state. */
    private List<String> members(String service, String state) {
        return ask("{ DM_get_node_service_rollout(node_service_id: \"" + service + "\") { phased { members(states: ["
                        + state + "]) { members { instance { node_name } } } } } }")
                .in("DM_get_node_service_rollout")
                .in("phased")
                .in("members")
                .list("members")
                .stream()
                .map(m -> m.in("instance").required("node_name"))
                .toList();
    }

    private List<String> nodesSeenBy(String key) {
        try (FleetApi api =
                new FleetApi(fleet.lab().cloud().url(), fleet.lab().cloud().authority(), key)) {
            return api
                    .execute(
                            "{ DM_get_node_service_instances(customer_id: \"" + fleet.customer()
                                    + "\") { instances { node_name } } }",
                            Map.of())
                    .in("DM_get_node_service_instances")
                    .list("instances")
                    .stream()
                    .map(i -> i.required("node_name"))
                    .distinct()
                    .toList();
        }
    }

    private String inside(int device, Instance instance, String path) {
        return Shell.file("/proc/"
                        + fleet.program(fleet.device(device), instance.id()).pid() + "/root" + path)
                .strip();
    }

    private Answer ask(String document) {
        return fleet.api().execute(document, Map.of());
    }
}
