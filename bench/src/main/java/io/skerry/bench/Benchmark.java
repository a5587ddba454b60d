package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import java.util.List;

/** Something that is measured. It removes what it made, also when it fails. */
sealed interface Benchmark
        permits BootToContainers,
                CloudMemory,
                ContainerStart,
                DeviceMemory,
                DeviceStart,
                FleetSize,
                Polls,
                SwitchTime,
                UnchangedState,
                Up {
    /** By which it is run: lower-case letters and dashes. */
    String name();

    String title();

    /** What is measured and how, and whose figures it is measured against; Markdown. */
    String about();

    /** How often it is run unless the caller says otherwise. */
    int usualRuns();

    /** @throws io.skerry.spec.ProblemException when it can't be measured here */
    List<Figure> measure(Workplace place, int runs);
}
