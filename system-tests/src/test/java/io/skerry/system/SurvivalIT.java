package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What goes on when a daemon is killed, a device loses power, or the cloud is away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurvivalIT {
    private Fleet fleet;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("survival");
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void containersGoOnWhileTheDaemonIsKilledAndItFindsThemAgain() {
        VirtualDevice device = fleet.device(0);
        String instance = fleet.api().addInstance(fleet.importVersion("killed", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);
        long process = fleet.program(device, instance).pid();

        device.kill();
        assertThat(fleet.page(device, instance)).contains("version 1");
        device.start();

        fleet.importVersion("another", 1, Breakage.NONE);
        Fleet.waiting().until(() -> fleet.instance(instance).healthy());
        assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
    }

    @Test
    void updateGoesOnAfterTheDaemonWasKilledInItsMiddle() {
        VirtualDevice device = fleet.device(1);
        String instance = fleet.api().addInstance(fleet.importVersion("middle", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);

        fleet.importVersion("middle", 2, Breakage.NONE);
        Fleet.waiting().until(() -> fleet.instance(instance).state().equals("trial"));
        device.kill();
        device.start();

        fleet.awaitHealthy(instance, 2);
    }

    @Test
    void deviceRunsWhatItRanAfterAPowerCutWithoutAnyCloud() {
        VirtualDevice device = fleet.device(1);
        String instance = fleet.api().addInstance(fleet.importVersion("power", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);

        fleet.lab().cloud().stop();
        try {
            device.powerOff();
            assertThat(device.containerProcesses()).isEmpty();
            device.start();

            Fleet.waiting()
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(fleet.page(device, instance)).contains("version 1"));
        } finally {
            fleet.lab().cloud().start();
        }
        Fleet.waiting().until(() -> fleet.instance(instance).healthy());
    }

    @Test
    void restartedCloudForgetsNothingAndTheNextVersionGoesOut() {
        VirtualDevice device = fleet.device(0);
        String instance =
                fleet.api().addInstance(fleet.importVersion("restarted", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);

        fleet.lab().cloud().kill();
        fleet.lab().cloud().start();
        fleet.importVersion("restarted", 2, Breakage.NONE);

        fleet.awaitHealthy(instance, 2);
    }

    @Test
    void versionThatCameWhileADeviceWasAwayReachesItWhenItIsBack() {
        VirtualDevice device = fleet.device(1);
        String instance = fleet.api().addInstance(fleet.importVersion("away", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);

        device.plug(false);
        try {
            fleet.importVersion("away", 2, Breakage.NONE);
            assertThat(fleet.page(device, instance)).contains("version 1");
        } finally {
            device.plug(true);
        }

        fleet.awaitHealthy(instance, 2);
    }
}
