package io.skerry.device.container;

import java.time.InstantSource;

/** What every {@link Supervision} works with. */
record Keeping(
        Launcher launcher,
        HealthProbe probe,
        Hooks hooks,
        Exits exits,
        Processes processes,
        Cgroups cgroups,
        InstantSource clock,
        String bootId,
        Runnable changed) {
    /** Whether what was noted of a run is of this boot of the machine. */
    boolean inThisBoot(RunRecord run) {
        return run.bootId().equals(bootId);
    }
}
