package io.skerry.device.container;

import java.time.InstantSource;

/** What every {@link Supervision} works with. */
record Keeping(
        Launcher launcher,
        HealthProbe probe,
        Exits exits,
        Processes processes,
        Cgroups cgroups,
        InstantSource clock,
        String bootId,
        Runnable changed) {}
